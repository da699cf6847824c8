-- titre: Part des logements mobilisés hors des grandes villes
-- numerateur: somme de logements_mobilises, zone AUTRE
-- denominateur: somme de logements_mobilises
-- nature: part
-- unite: %
-- sens: hausse
-- personnes: oui
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    mois,
    departement,
    sum(logements_mobilises) filter (zone = 'AUTRE') as numerateur,
    sum(logements_mobilises) as denominateur
from faits.logement_mobilisations
group by all
