-- titre: Équipes mobiles actives
-- numerateur: équipes distinctes ayant au moins une situation ou une intervention dans la période
-- nature: propre
-- unite: équipes
-- sens: hausse
-- personnes: non
-- ventilations: type_equipe
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    cast(left(mois, 4) as integer) as annee,
    departement,
    case when grouping(type_equipe) = 1 then 'total' else 'type_equipe' end as ventilation,
    coalesce(type_equipe, 'total') as modalite,
    count(distinct equipe) as numerateur
from faits.ars_equipes_mobiles
where (situations > 0 or interventions > 0) and mois <= arrete()
group by grouping sets (
    (annee, departement, type_equipe),
    (annee, departement),
    (annee, type_equipe),
    (annee)
)
