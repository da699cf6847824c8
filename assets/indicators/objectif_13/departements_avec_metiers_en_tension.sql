-- titre: Départements ayant identifié leurs métiers en tension
-- numerateur: départements ayant un outil METIERS_TENSION déployé au dernier jour (un outil
--   régional ne compte pour aucun)
-- nature: propre
-- unite: départements
-- sens: hausse
-- personnes: non
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    a.annee,
    o.departement,
    count(distinct o.departement) as numerateur
from faits.ddcs_outils as o
join annees() as a
    on outil_deploye(o.statut, o.date_deploiement, o.date_retrait, a.jour)
where o.type_outil = 'METIERS_TENSION' and o.departement is not null
group by grouping sets ((a.annee, o.departement), (a.annee))
