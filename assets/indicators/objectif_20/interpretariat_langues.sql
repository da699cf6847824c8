-- titre: Langues demandées en interprétariat
-- numerateur: langues distinctes ayant au moins une demande dans la période
-- nature: propre
-- unite: langues
-- sens: hausse
-- personnes: non
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    cast(left(mois, 4) as integer) as annee,
    departement,
    count(distinct langue) as numerateur
from faits.ars_interpretariat
where demandes > 0 and mois <= arrete()
group by grouping sets ((annee, departement), (annee))
