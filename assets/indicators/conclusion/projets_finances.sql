-- titre: Projets d'intégration financés
-- numerateur: projets
-- nature: effectif
-- unite: projets
-- sens: hausse
-- personnes: non
-- ventilations: axe, action
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    exercice as annee,
    departement,
    axe,
    action,
    count(*) as numerateur
from faits.ddcs_projets
where statut <> 'ABANDONNE'
group by all
