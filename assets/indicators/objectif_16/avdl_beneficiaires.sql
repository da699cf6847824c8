-- titre: Bénéficiaires de l'AVDL réfugiés
-- numerateur: somme de beneficiaires
-- nature: effectif
-- unite: bénéficiaires
-- sens: hausse
-- personnes: oui
-- periodes: annee, cumul
-- territoires: departements
-- consolidation: 3

select
    annee,
    departement,
    sum(beneficiaires) as numerateur
from faits.logement_avdl
group by all
