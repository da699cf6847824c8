-- titre: Comités de pilotage régionaux tenus
-- numerateur: réunions REGIONAL × COPIL, à leur date
-- nature: effectif
-- unite: réunions
-- sens: hausse
-- personnes: non
-- periodes: annee
-- territoires: region
-- consolidation: 3

select
    date_reunion as jour,
    count(*) as numerateur
from faits.ddcs_reunions
where niveau = 'REGIONAL' and instance = 'COPIL'
group by all
