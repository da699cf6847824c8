-- titre: Interventions des équipes mobiles
-- numerateur: somme de interventions
-- nature: effectif
-- unite: interventions
-- sens: hausse
-- personnes: non
-- ventilations: type_equipe
-- periodes: annee, mois, cumul
-- territoires: departements
-- consolidation: 3

select
    mois,
    departement,
    type_equipe,
    sum(interventions) as numerateur
from faits.ars_equipes_mobiles
group by all
