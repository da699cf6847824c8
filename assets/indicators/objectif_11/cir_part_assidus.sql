-- titre: Part des sortants assidus aux cours de français
-- numerateur: sortants dont heures_realisees >= 80 % de heures_prescrites, à la date de fin de
--   formation
-- denominateur: contrats dont date_fin_formation est dans la période, heures_prescrites > 0 et
--   heures_realisees renseigné
-- nature: part
-- unite: %
-- sens: hausse
-- personnes: oui
-- ventilations: sexe, tranche_age (moins_25, 25_et_plus), motif_admission
-- periodes: annee
-- territoires: departements
-- consolidation: 3

-- In whole numbers: exactly 80 % counts.
select
    date_fin_formation as jour,
    departement,
    sexe,
    tranche_age(age) as tranche_age,
    motif_admission,
    count(*) filter (100 * heures_realisees >= 80 * heures_prescrites) as numerateur,
    count(*) as denominateur
from faits.ofii_cir_signataires
where
    date_fin_formation is not null
    and heures_prescrites > 0
    and heures_realisees is not null
group by all
