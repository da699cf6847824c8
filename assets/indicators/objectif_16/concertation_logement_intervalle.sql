-- titre: Intervalle médian entre concertations logement
-- numerateur: médiane des jours entre deux dates distinctes consécutives de réunions DEPARTEMENTAL
--   × CONCERTATION_LOGEMENT du département, la seconde dans la période ; région : médiane de tous
--   les intervalles
-- nature: propre
-- unite: jours
-- sens: baisse
-- personnes: non
-- periodes: annee
-- territoires: departements
-- consolidation: 3
-- sans_ligne: vide

with dates as (
    select distinct
        departement,
        date_reunion
    from faits.ddcs_reunions
    where
        niveau = 'DEPARTEMENTAL'
        and instance = 'CONCERTATION_LOGEMENT'
        and date_reunion <= jour_arrete()
),

intervalles as (
    select
        departement,
        date_reunion,
        date_reunion - lag(date_reunion) over (
            partition by departement order by date_reunion
        ) as jours
    from dates
)

select
    year(date_reunion) as annee,
    departement,
    median(jours) as numerateur
from intervalles
where jours is not null
group by grouping sets ((annee, departement), (annee))
