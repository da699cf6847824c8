-- titre: Départements investis dans la culture et le sport
-- numerateur: départements ayant un projet d'axe CULTURE_SPORT dont beneficiaires_realises > 0
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
    and axe = 'CULTURE_SPORT'
    and beneficiaires_realises > 0
    and exercice <= year(jour_arrete())
group by grouping sets ((annee, departement), (annee))
