-- titre: Départements dotés d'un accompagnement global à l'insertion professionnelle
-- numerateur: départements ayant un projet d'axe GLOBAL non abandonné dont accompagnes_emploi > 0
--   dans l'exercice
-- nature: propre
-- unite: départements
-- sens: hausse
-- personnes: non
-- periodes: annee
-- territoires: departements
-- consolidation: 12

select
    exercice as annee,
    departement,
    count(distinct departement) as numerateur
from faits.ddcs_projets
where
    statut <> 'ABANDONNE'
    and axe = 'GLOBAL'
    and accompagnes_emploi > 0
    and exercice <= year(jour_arrete())
group by grouping sets ((annee, departement), (annee))
