-- titre: Actions réservées aux moins de 25 ans
-- numerateur: projets avec public_jeune = O
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
where statut <> 'ABANDONNE' and public_jeune
group by all
