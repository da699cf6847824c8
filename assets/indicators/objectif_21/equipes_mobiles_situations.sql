-- titre: Situations examinées par les équipes mobiles
-- numerateur: somme de situations
-- nature: effectif
-- unite: situations
-- sens: hausse
-- personnes: non
-- ventilations: type_equipe
-- periodes: annee, mois
-- territoires: departements
-- consolidation: 3

select
    mois,
    departement,
    type_equipe,
    sum(situations) as numerateur
from faits.ars_equipes_mobiles
group by all
