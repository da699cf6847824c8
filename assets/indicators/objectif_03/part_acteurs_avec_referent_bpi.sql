-- titre: Part des acteurs de la gouvernance locale dotés d'un référent BPI
-- numerateur: par département, structures ACTEUR en fonction ayant aussi un REFERENT_BPI en
--   fonction, au dernier jour de la période
-- denominateur: par département, structures distinctes ACTEUR en fonction ; région : sommes des
--   départements
-- nature: propre
-- unite: %
-- sens: hausse
-- personnes: non
-- periodes: annee
-- territoires: departements
-- consolidation: 3

with acteurs as (
    select
        a.annee,
        d.departement,
        d.structure,
        bool_or(d.fonction = 'REFERENT_BPI') as a_un_referent
    from faits.ddcs_designations as d
    join annees() as a
        on d.date_designation <= a.jour and (d.date_fin is null or d.date_fin >= a.jour)
    group by all
    having bool_or(d.fonction = 'ACTEUR')
)

select
    annee,
    departement,
    count(*) filter (a_un_referent) as numerateur,
    count(*) as denominateur
from acteurs
group by grouping sets ((annee, departement), (annee))
