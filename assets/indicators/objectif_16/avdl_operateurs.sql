-- titre: Opérateurs AVDL réfugiés actifs
-- numerateur: opérateurs distincts de l'année
-- nature: propre
-- unite: opérateurs
-- sens: hausse
-- personnes: non
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    annee,
    departement,
    count(distinct operateur) as numerateur
from faits.logement_avdl
where annee <= year(jour_arrete())
group by grouping sets ((annee, departement), (annee))
