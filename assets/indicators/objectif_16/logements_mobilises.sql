-- titre: Logements mobilisés pour les réfugiés
-- numerateur: somme de logements_mobilises
-- nature: effectif
-- unite: logements
-- sens: hausse
-- personnes: oui
-- ventilations: parc, filiere
-- periodes: annee, mois
-- territoires: departements
-- consolidation: 3

select
    mois,
    departement,
    parc,
    filiere,
    sum(logements_mobilises) as numerateur
from faits.logement_mobilisations
group by all
