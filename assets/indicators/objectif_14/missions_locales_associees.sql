-- titre: Missions locales associées aux comités départementaux
-- numerateur: par département, maximum de missions_locales sur les réunions DEPARTEMENTAL × COPIL
--   de la période ; région : somme des départements
-- nature: propre
-- unite: missions locales
-- sens: hausse
-- personnes: non
-- periodes: annee
-- territoires: departements
-- consolidation: 3
-- sans_ligne: vide

with departements as (
    select
        year(date_reunion) as annee,
        departement,
        max(missions_locales) as missions_locales
    from faits.ddcs_reunions
    where niveau = 'DEPARTEMENTAL' and instance = 'COPIL' and date_reunion <= jour_arrete()
    group by all
)

select
    annee,
    departement,
    sum(missions_locales) as numerateur
from departements
group by grouping sets ((annee, departement), (annee))
