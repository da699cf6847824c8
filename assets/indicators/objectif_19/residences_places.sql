-- titre: Places de résidence sociale, pension de famille et foyer de jeunes travailleurs, tous
--   statuts
-- numerateur: somme de places, dispositifs RESIDENCE_SOCIALE, PENSION_FAMILLE et FJT, tous statuts
-- nature: effectif
-- unite: places
-- sens: hausse
-- personnes: non
-- ventilations: statut, dispositif (RESIDENCE_SOCIALE, PENSION_FAMILLE, FJT)
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    annee_objectif as annee,
    departement,
    statut,
    dispositif,
    sum(places) as numerateur
from faits.logement_places
where dispositif in ('RESIDENCE_SOCIALE', 'PENSION_FAMILLE', 'FJT')
group by all
