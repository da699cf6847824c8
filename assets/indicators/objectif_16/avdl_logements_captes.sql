-- titre: Logements captés par l'AVDL réfugiés
-- numerateur: somme de logements_captes
-- nature: effectif
-- unite: logements
-- sens: hausse
-- personnes: non
-- periodes: annee, cumul
-- territoires: departements
-- consolidation: 3

select
    annee,
    departement,
    sum(logements_captes) as numerateur
from faits.logement_avdl
group by all
