-- titre: Comités techniques tenus
-- numerateur: réunions DEPARTEMENTAL × COTECH
-- nature: effectif
-- unite: réunions
-- sens: hausse
-- personnes: non
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    date_reunion as jour,
    departement,
    count(*) as numerateur
from faits.ddcs_reunions
where niveau = 'DEPARTEMENTAL' and instance = 'COTECH'
group by all
