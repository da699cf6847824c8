-- titre: Part des actions financées centrées sur le FLE hors visée professionnelle
-- numerateur: projets d'axe LANGUE avec visee_professionnelle = N
-- denominateur: projets
-- nature: part
-- unite: %
-- sens: neutre
-- personnes: non
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    exercice as annee,
    departement,
    count(*) filter (axe = 'LANGUE' and not visee_professionnelle) as numerateur,
    count(*) as denominateur
from faits.ddcs_projets
where statut <> 'ABANDONNE'
group by all
