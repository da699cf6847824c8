-- titre: Reprises d'études
-- numerateur: somme de reprises_etudes
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
    sum(reprises_etudes) as numerateur
from faits.ddcs_projets
where statut <> 'ABANDONNE'
group by all
