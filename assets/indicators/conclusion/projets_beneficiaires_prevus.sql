-- titre: Bénéficiaires prévus
-- numerateur: somme de beneficiaires_prevus
-- nature: effectif
-- unite: bénéficiaires
-- sens: hausse
-- personnes: oui
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    exercice as annee,
    departement,
    sum(beneficiaires_prevus) as numerateur
from faits.ddcs_projets
where statut <> 'ABANDONNE'
group by all
