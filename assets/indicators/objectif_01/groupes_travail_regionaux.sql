-- titre: Groupes de travail et formations régionaux
-- numerateur: réunions REGIONAL × GROUPE_TRAVAIL ou FORMATION
-- nature: effectif
-- unite: réunions
-- sens: hausse
-- personnes: non
-- ventilations: instance (GROUPE_TRAVAIL, FORMATION)
-- periodes: annee
-- territoires: region
-- consolidation: 3

select
    date_reunion as jour,
    instance,
    count(*) as numerateur
from faits.ddcs_reunions
where niveau = 'REGIONAL' and instance in ('GROUPE_TRAVAIL', 'FORMATION')
group by all
