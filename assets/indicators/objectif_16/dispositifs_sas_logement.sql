-- titre: Dispositifs passerelles (SAS) vers le logement
-- numerateur: dispositifs distincts D.I.R, SHAPAD ou SAS parmi les projets d'axe LOGEMENT
--   sans public_jeune = O
-- nature: propre
-- unite: dispositifs
-- sens: hausse
-- personnes: non
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    exercice as annee,
    departement,
    count(distinct dispositif) as numerateur
from faits.ddcs_projets
where
    statut <> 'ABANDONNE'
    and axe = 'LOGEMENT'
    and dispositif in ('D.I.R', 'SHAPAD', 'SAS')
    and public_jeune is not true
    and exercice <= year(jour_arrete())
group by grouping sets ((annee, departement), (annee))
