-- titre: Part des actions FLE à visée professionnelle
-- numerateur: projets d'axe LANGUE avec visee_professionnelle = O
-- denominateur: projets d'axe LANGUE où visee_professionnelle est renseigné
-- nature: part
-- unite: %
-- sens: hausse
-- personnes: non
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    exercice as annee,
    departement,
    count(*) filter (visee_professionnelle) as numerateur,
    count(*) as denominateur
from faits.ddcs_projets
where statut <> 'ABANDONNE' and axe = 'LANGUE' and visee_professionnelle is not null
group by all
