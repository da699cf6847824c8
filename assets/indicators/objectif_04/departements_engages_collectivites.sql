-- titre: Départements engagés avec une collectivité
-- numerateur: départements ayant au moins un contrat CAI en vigueur au dernier jour de la période
--   (date_signature <= jour, date_fin vide ou >= jour)
-- nature: propre
-- unite: départements
-- sens: hausse
-- personnes: non
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    a.annee,
    c.departement,
    count(distinct c.departement) as numerateur
from faits.ddcs_contrats as c
join annees() as a
    on c.date_signature <= a.jour and (c.date_fin is null or c.date_fin >= a.jour)
where c.type_contrat = 'CAI'
group by grouping sets ((a.annee, c.departement), (a.annee))
