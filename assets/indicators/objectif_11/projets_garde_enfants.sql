-- titre: Projets de garde d'enfants
-- numerateur: projets d'axe GARDE_ENFANTS
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
where statut <> 'ABANDONNE' and axe = 'GARDE_ENFANTS'
group by all
