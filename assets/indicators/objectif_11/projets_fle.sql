-- titre: Actions d'apprentissage du FLE financées
-- numerateur: projets d'axe LANGUE
-- nature: effectif
-- unite: projets
-- sens: hausse
-- personnes: non
-- ventilations: visee_professionnelle
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    exercice as annee,
    departement,
    visee_professionnelle,
    count(*) as numerateur
from faits.ddcs_projets
where statut <> 'ABANDONNE' and axe = 'LANGUE'
group by all
