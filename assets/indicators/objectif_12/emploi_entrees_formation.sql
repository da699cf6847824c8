-- titre: Entrées en formation
-- numerateur: somme de entrees_formation
-- nature: effectif
-- unite: personnes
-- sens: hausse
-- personnes: oui
-- periodes: annee
-- territoires: departements
-- consolidation: 12

select
    exercice as annee,
    departement,
    sum(entrees_formation) as numerateur
from faits.ddcs_projets
where statut <> 'ABANDONNE'
group by all
