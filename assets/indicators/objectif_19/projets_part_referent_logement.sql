-- titre: Part des projets dotés d'un référent logement
-- numerateur: projets avec referent_logement = O
-- denominateur: projets où referent_logement est renseigné
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
where statut <> 'ABANDONNE' and referent_logement is not null
group by all
