-- titre: Attributions de logements sociaux depuis l'hébergement généraliste
-- numerateur: somme de attributions, origine HEBERGEMENT_GENERALISTE
-- nature: effectif
-- unite: attributions
-- sens: hausse
-- personnes: oui
-- periodes: annee, mois
-- territoires: departements
-- consolidation: 3

select
    mois,
    departement,
    sum(attributions) as numerateur
from faits.logement_attributions
where origine = 'HEBERGEMENT_GENERALISTE'
group by all
