-- titre: Départements associant le service public de l'emploi
-- numerateur: départements ayant tenu dans la période au moins une réunion DEPARTEMENTAL × COPIL
--   avec spe_associes = O
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
where
    niveau = 'DEPARTEMENTAL'
    and instance = 'COPIL'
    and spe_associes
    and date_reunion <= jour_arrete()
group by grouping sets ((annee, departement), (annee))
