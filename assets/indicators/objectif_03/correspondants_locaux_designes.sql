-- titre: Correspondants locaux en fonction
-- numerateur: par département, structures distinctes ayant un CORRESPONDANT_LOCAL en fonction au
--   dernier jour de la période ; région : somme des départements
-- nature: propre
-- unite: structures
-- sens: hausse
-- personnes: non
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    a.annee,
    d.departement,
    count(distinct (d.departement, d.structure)) as numerateur
from faits.ddcs_designations as d
join annees() as a
    on d.date_designation <= a.jour and (d.date_fin is null or d.date_fin >= a.jour)
where d.fonction = 'CORRESPONDANT_LOCAL'
group by grouping sets ((a.annee, d.departement), (a.annee))
