-- titre: Départements dotés d'un SAS logement
-- numerateur: départements ayant un projet d'axe LOGEMENT de dispositif D.I.R, SHAPAD ou SAS
--   sans public_jeune = O
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
    and axe = 'LOGEMENT'
    and dispositif in ('D.I.R', 'SHAPAD', 'SAS')
    and public_jeune is not true
    and exercice <= year(jour_arrete())
group by grouping sets ((annee, departement), (annee))
