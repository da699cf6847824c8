-- titre: Heures de formation linguistique dispensées
-- numerateur: somme de heures_formation
-- nature: effectif
-- unite: heures
-- sens: hausse
-- personnes: non
-- periodes: annee
-- territoires: departements
-- consolidation: 12

select
    exercice as annee,
    departement,
    sum(heures_formation) as numerateur
from faits.ddcs_projets
where statut <> 'ABANDONNE'
group by all
