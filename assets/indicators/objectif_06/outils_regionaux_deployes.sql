-- titre: Outils et documents régionaux déployés
-- numerateur: outils sans département, déployés au dernier jour de la période
-- nature: propre
-- unite: outils
-- sens: hausse
-- personnes: non
-- ventilations: type_outil
-- periodes: annee
-- territoires: region
-- consolidation: 3

select
    a.annee,
    case when grouping(o.type_outil) = 1 then 'total' else 'type_outil' end as ventilation,
    coalesce(o.type_outil, 'total') as modalite,
    count(*) as numerateur
from faits.ddcs_outils as o
join annees() as a
    on outil_deploye(o.statut, o.date_deploiement, o.date_retrait, a.jour)
where o.departement is null
group by grouping sets ((a.annee, o.type_outil), (a.annee))
