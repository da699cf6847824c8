-- titre: Départements dotés d'un projet d'accompagnement global
-- numerateur: départements ayant au moins un projet d'axe GLOBAL non abandonné dans l'exercice
-- nature: propre
-- unite: départements
-- sens: hausse
-- personnes: non
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    exercice as annee,
    departement,
    count(distinct departement) as numerateur
from faits.ddcs_projets
where statut <> 'ABANDONNE' and axe = 'GLOBAL' and exercice <= year(jour_arrete())
group by grouping sets ((annee, departement), (annee))
