-- titre: Part des signataires ayant atteint le niveau A1
-- numerateur: contrats au profil renseigné dont niveau_atteint vaut A1 ou plus, à la date de signature
-- denominateur: contrats au profil renseigné (sexe, date_naissance et motif_admission présents)
-- nature: part
-- unite: %
-- sens: hausse
-- personnes: oui
-- ventilations: sexe, tranche_age (moins_25, 25_et_plus), motif_admission, bpi
-- periodes: annee
-- territoires: departements
-- consolidation: 12

select
    date_signature as jour,
    departement,
    sexe,
    tranche_age(age) as tranche_age,
    motif_admission,
    bpi,
    count(*) filter (atteint_a1(niveau_atteint)) as numerateur,
    count(*) as denominateur
from faits.ofii_cir_signataires
where profil_renseigne(sexe, age, motif_admission)
group by all
