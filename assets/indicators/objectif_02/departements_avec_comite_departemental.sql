-- titre: Départements ayant tenu au moins un comité de pilotage
-- numerateur: départements ayant tenu au moins une réunion DEPARTEMENTAL × COPIL dans la période
-- nature: propre
-- unite: départements
-- sens: hausse
-- personnes: non
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    year(date_reunion) as annee,
    departement,
    count(distinct departement) as numerateur
from faits.ddcs_reunions
where niveau = 'DEPARTEMENTAL' and instance = 'COPIL' and date_reunion <= jour_arrete()
group by grouping sets ((annee, departement), (annee))
