-- titre: Bénéficiaires réalisés
-- numerateur: somme de beneficiaires_realises
-- nature: effectif
-- unite: bénéficiaires
-- sens: hausse
-- personnes: oui
-- periodes: annee
-- territoires: departements
-- consolidation: 12

select
    exercice as annee,
    departement,
    sum(beneficiaires_realises) as numerateur
from faits.ddcs_projets
where statut <> 'ABANDONNE'
group by all
