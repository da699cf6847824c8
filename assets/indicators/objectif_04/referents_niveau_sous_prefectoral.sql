-- titre: Départements dont le référent est un sous-préfet
-- numerateur: départements dont un REFERENT_DEPARTEMENTAL en fonction au dernier jour a le profil
--   SOUS_PREFET
-- nature: propre
-- unite: départements
-- sens: hausse
-- personnes: non
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    a.annee,
    d.departement,
    count(distinct d.departement) as numerateur
from faits.ddcs_designations as d
join annees() as a
    on d.date_designation <= a.jour and (d.date_fin is null or d.date_fin >= a.jour)
where d.fonction = 'REFERENT_DEPARTEMENTAL' and d.profil = 'SOUS_PREFET'
group by grouping sets ((a.annee, d.departement), (a.annee))
