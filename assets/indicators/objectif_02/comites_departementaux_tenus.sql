-- titre: Comités de pilotage départementaux tenus
-- numerateur: réunions DEPARTEMENTAL × COPIL
-- nature: effectif
-- unite: réunions
-- sens: hausse
-- personnes: non
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    date_reunion as jour,
    departement,
    count(*) as numerateur
from faits.ddcs_reunions
where niveau = 'DEPARTEMENTAL' and instance = 'COPIL'
group by all
