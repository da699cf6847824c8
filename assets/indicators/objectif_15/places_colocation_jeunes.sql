-- titre: Places en colocation pour les moins de 25 ans
-- numerateur: somme de places, dispositif COLOCATION_JEUNES, créées
-- nature: effectif
-- unite: places
-- sens: hausse
-- personnes: non
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    annee_objectif as annee,
    departement,
    sum(places) as numerateur
from faits.logement_places
where
    dispositif = 'COLOCATION_JEUNES'
    and statut in ('OUVERTE', 'FERMEE')
    and date_ouverture <= jour_arrete()
group by all
