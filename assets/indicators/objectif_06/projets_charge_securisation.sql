-- titre: Projets dotés d'un chargé de sécurisation du parcours
-- numerateur: projets avec charge_securisation = O
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
where statut <> 'ABANDONNE' and charge_securisation
group by all
