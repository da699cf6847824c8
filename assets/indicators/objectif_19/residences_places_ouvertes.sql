-- titre: Places de résidence sociale, pension de famille et foyer de jeunes travailleurs créées
-- numerateur: somme de places, dispositifs RESIDENCE_SOCIALE, PENSION_FAMILLE et FJT, créées
-- nature: effectif
-- unite: places
-- sens: hausse
-- personnes: non
-- ventilations: dispositif (RESIDENCE_SOCIALE, PENSION_FAMILLE, FJT)
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    annee_objectif as annee,
    departement,
    dispositif,
    sum(places) as numerateur
from faits.logement_places
where
    dispositif in ('RESIDENCE_SOCIALE', 'PENSION_FAMILLE', 'FJT')
    and statut in ('OUVERTE', 'FERMEE')
    and date_ouverture <= jour_arrete()
group by all
