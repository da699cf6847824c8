-- titre: Signataires du CIR
-- numerateur: contrats, à leur date de signature
-- nature: effectif
-- unite: signataires
-- sens: hausse
-- personnes: oui
-- ventilations: sexe, tranche_age (moins_25, 25_et_plus), motif_admission, bpi, niveau_initial
-- periodes: annee, mois
-- territoires: departements
-- consolidation: 3

select
    date_signature as jour,
    departement,
    sexe,
    tranche_age(age) as tranche_age,
    motif_admission,
    bpi,
    niveau_initial,
    count(*) as numerateur
from faits.ofii_cir_signataires
group by all
