-- titre: Réalisé rapporté au prévu
-- numerateur: somme de beneficiaires_realises, projets dont les deux effectifs sont renseignés
-- denominateur: somme de beneficiaires_prevus des mêmes projets
-- nature: part
-- unite: %
-- sens: hausse
-- personnes: oui
-- periodes: annee
-- territoires: departements
-- consolidation: 12
-- plafond: aucun

select
    exercice as annee,
    departement,
    sum(beneficiaires_realises) as numerateur,
    sum(beneficiaires_prevus) as denominateur
from faits.ddcs_projets
where
    statut <> 'ABANDONNE'
    and beneficiaires_realises is not null
    and beneficiaires_prevus is not null
group by all
