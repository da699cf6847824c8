-- titre: Projets d'accompagnement global
-- numerateur: projets d'axe GLOBAL non abandonnés
-- nature: effectif
-- unite: projets
-- sens: hausse
-- personnes: non
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    exercice as annee,
    departement,
    count(*) as numerateur
from faits.ddcs_projets
where statut <> 'ABANDONNE' and axe = 'GLOBAL'
group by all
