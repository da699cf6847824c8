-- titre: Attributions de logements sociaux depuis l'hébergement généraliste
-- numerateur: somme de attributions, origine HEBERGEMENT_GENERALISTE
-- nature: effectif
-- unite: attributions
-- sens: hausse
-- personnes: non
-- periodes: annee, mois
-- territoires: departements

select
    mois,
    departement,
    sum(attributions) as numerateur
from faits.logement_attributions
where origine = 'HEBERGEMENT_GENERALISTE'
group by all
