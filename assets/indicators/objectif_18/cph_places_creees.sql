-- titre: Places de centre provisoire d'hébergement créées
-- numerateur: somme de places, dispositif CPH, créées
-- nature: effectif
-- unite: places
-- sens: hausse
-- personnes: non
-- ventilations: orientation
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    annee_objectif as annee,
    departement,
    orientation,
    sum(places) as numerateur
from faits.logement_places
where dispositif = 'CPH' and statut in ('OUVERTE', 'FERMEE') and date_ouverture <= jour_arrete()
group by all
