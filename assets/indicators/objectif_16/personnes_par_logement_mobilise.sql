-- titre: Personnes par logement mobilisé
-- numerateur: somme de personnes, lignes où personnes est renseigné
-- denominateur: somme de logements_mobilises des mêmes lignes
-- nature: moyenne
-- unite: personnes
-- sens: hausse
-- personnes: oui
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    mois,
    departement,
    sum(personnes) as numerateur,
    sum(logements_mobilises) as denominateur
from faits.logement_mobilisations
where personnes is not null
group by all
