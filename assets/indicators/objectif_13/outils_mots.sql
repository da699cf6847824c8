-- titre: Mots traduits par les outils partagés
-- numerateur: mots des outils déployés au dernier jour ; total : maximum sur les outils
-- nature: propre
-- unite: mots
-- sens: hausse
-- personnes: non
-- ventilations: outil
-- periodes: annee
-- territoires: departements
-- consolidation: 3
-- sans_ligne: vide

select
    a.annee,
    o.departement,
    case when grouping(o.nom) = 1 then 'total' else 'outil' end as ventilation,
    coalesce(o.nom, 'total') as modalite,
    max(o.mots) as numerateur
from faits.ddcs_outils as o
join annees() as a
    on outil_deploye(o.statut, o.date_deploiement, o.date_retrait, a.jour)
group by a.annee, cube (o.departement, o.nom)
having grouping(o.departement) = 1 or o.departement is not null
