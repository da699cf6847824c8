-- titre: Places en service
-- numerateur: somme de places des lots OUVERTE ou FERMEE en service au dernier jour de la période :
--   date_ouverture <= jour, date_fermeture vide ou > jour ; région : somme des départements
-- nature: propre
-- unite: places
-- sens: hausse
-- personnes: non
-- ventilations: dispositif
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    a.annee,
    p.departement,
    case when grouping(p.dispositif) = 1 then 'total' else 'dispositif' end as ventilation,
    coalesce(p.dispositif, 'total') as modalite,
    sum(p.places) as numerateur
from faits.logement_places as p
join annees() as a
    on p.date_ouverture <= a.jour and (p.date_fermeture is null or p.date_fermeture > a.jour)
where p.statut in ('OUVERTE', 'FERMEE')
group by a.annee, cube (p.departement, p.dispositif)
