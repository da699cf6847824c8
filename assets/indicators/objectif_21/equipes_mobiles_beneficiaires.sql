-- titre: Bénéficiaires des équipes mobiles
-- numerateur: somme de nouveaux_beneficiaires
-- nature: effectif
-- unite: bénéficiaires
-- sens: hausse
-- personnes: oui
-- ventilations: type_equipe
-- periodes: annee, cumul
-- territoires: departements
-- consolidation: 3

select
    mois,
    departement,
    type_equipe,
    sum(nouveaux_beneficiaires) as numerateur
from faits.ars_equipes_mobiles
group by all
