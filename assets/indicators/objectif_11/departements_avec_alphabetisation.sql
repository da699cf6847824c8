-- titre: Départements dotés d'une offre d'alphabétisation
-- numerateur: départements ayant un projet de dispositif ALPHABETISATION
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
where
    statut <> 'ABANDONNE'
    and dispositif = 'ALPHABETISATION'
    and exercice <= year(jour_arrete())
group by grouping sets ((annee, departement), (annee))
