-- titre: Part des signataires ayant atteint le niveau A1 dans les douze mois
-- numerateur: contrats du dénominateur dont niveau_atteint vaut A1 ou plus et date_fin_formation <=
--   date_signature + 12 mois
-- denominateur: contrats au profil renseigné dont heures_prescrites > 0 et date_signature + 12 mois
--   <= dernier jour de l'arrêté, à la date de signature
-- nature: part
-- unite: %
-- sens: hausse
-- personnes: oui
-- periodes: annee
-- territoires: departements
-- consolidation: 12

-- Only those who have had their twelve months; those of 29 February end on 28 February.
select
    date_signature as jour,
    departement,
    count(*) filter (
        atteint_a1(niveau_atteint) and date_fin_formation <= date_signature + interval 12 months
    ) as numerateur,
    count(*) as denominateur
from faits.ofii_cir_signataires
where
    profil_renseigne(sexe, age, motif_admission)
    and heures_prescrites > 0
    and date_signature + interval 12 months <= jour_arrete()
group by all
