-- titre: Subvention par bénéficiaire réalisé
-- numerateur: somme de montant_accorde, projets où montant_accorde et beneficiaires_realises sont
--   renseignés
-- denominateur: somme de beneficiaires_realises des mêmes projets
-- nature: moyenne
-- unite: €
-- sens: neutre
-- personnes: oui
-- ventilations: axe
-- periodes: annee
-- territoires: departements
-- consolidation: 12

select
    exercice as annee,
    departement,
    axe,
    sum(montant_accorde order by montant_accorde) as numerateur,
    sum(beneficiaires_realises) as denominateur
from faits.ddcs_projets
where
    statut <> 'ABANDONNE'
    and montant_accorde is not null
    and beneficiaires_realises is not null
group by all
