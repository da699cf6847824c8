-- titre: Part des projets pour les réfugiés dotés d'un référent logement
-- numerateur: projets de l'action 15 avec referent_logement = O
-- denominateur: projets de l'action 15 où referent_logement est renseigné
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
    count(*) filter (referent_logement) as numerateur,
    count(*) as denominateur
from faits.ddcs_projets
where statut <> 'ABANDONNE' and action = '15' and referent_logement is not null
group by all
