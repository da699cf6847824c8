-- titre: Associations accueillant des Volont'R
-- numerateur: associations distinctes de l'année
-- nature: propre
-- unite: associations
-- sens: hausse
-- personnes: non
-- periodes: annee
-- territoires: region
-- consolidation: 3

select
    annee,
    count(distinct association) as numerateur
from faits.service_civique_volontr
where annee <= year(jour_arrete())
group by all
