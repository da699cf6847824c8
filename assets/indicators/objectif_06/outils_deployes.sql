-- titre: Outils et documents partagés déployés
-- numerateur: outils déployés au dernier jour de la période : DEPLOYE ou RETIRE, date_deploiement
--   <= jour, date_retrait vide ou > jour ; région : tous, y compris ceux sans département
-- nature: propre
-- unite: outils
-- sens: hausse
-- personnes: non
-- ventilations: type_outil
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    a.annee,
    o.departement,
    case when grouping(o.type_outil) = 1 then 'total' else 'type_outil' end as ventilation,
    coalesce(o.type_outil, 'total') as modalite,
    count(*) as numerateur
from faits.ddcs_outils as o
join annees() as a
    on outil_deploye(o.statut, o.date_deploiement, o.date_retrait, a.jour)
group by a.annee, cube (o.departement, o.type_outil)
having grouping(o.departement) = 1 or o.departement is not null
