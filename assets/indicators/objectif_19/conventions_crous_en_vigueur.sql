-- titre: Conventions avec le CROUS en vigueur
-- numerateur: contrats CROUS en vigueur au dernier jour de la période ; région : somme des
--   départements
-- nature: propre
-- unite: conventions
-- sens: hausse
-- personnes: non
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    a.annee,
    c.departement,
    count(*) as numerateur
from faits.ddcs_contrats as c
join annees() as a
    on c.date_signature <= a.jour and (c.date_fin is null or c.date_fin >= a.jour)
where c.type_contrat = 'CROUS'
group by grouping sets ((a.annee, c.departement), (a.annee))
