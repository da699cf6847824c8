-- titre: Départements couverts par une cartographie de l'offre FLE
-- numerateur: départements ayant un outil CARTOGRAPHIE_FLE déployé au dernier jour ; un outil
--   régional (departement vide) couvre les cinq
-- nature: propre
-- unite: départements
-- sens: hausse
-- personnes: non
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    a.annee,
    t.code as departement,
    count(distinct t.code) as numerateur
from faits.ddcs_outils as o
join annees() as a
    on outil_deploye(o.statut, o.date_deploiement, o.date_retrait, a.jour)
join referentiel.territoires as t
    on t.maille = 'departement' and (t.code = o.departement or o.departement is null)
where o.type_outil = 'CARTOGRAPHIE_FLE'
group by grouping sets ((a.annee, t.code), (a.annee))
