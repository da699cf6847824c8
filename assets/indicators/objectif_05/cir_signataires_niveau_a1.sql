-- titre: Signataires ayant atteint le niveau A1
-- numerateur: contrats au profil renseigné dont niveau_atteint vaut A1 ou plus
-- nature: effectif
-- unite: signataires
-- sens: hausse
-- personnes: oui
-- periodes: annee
-- territoires: departements
-- consolidation: 12

select
    date_signature as jour,
    departement,
    count(*) as numerateur
from faits.ofii_cir_signataires
where profil_renseigne(sexe, age, motif_admission) and atteint_a1(niveau_atteint)
group by all
