-- titre: Personnes relogées par l'AVDL réfugiés
-- numerateur: somme de personnes_relogees
-- nature: effectif
-- unite: personnes
-- sens: hausse
-- personnes: oui
-- periodes: annee, cumul
-- territoires: departements
-- consolidation: 3

select
    annee,
    departement,
    sum(personnes_relogees) as numerateur
from faits.logement_avdl
group by all
