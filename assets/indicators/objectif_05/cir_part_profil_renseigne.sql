-- titre: Part des signataires au profil renseigné
-- numerateur: contrats au profil renseigné
-- denominateur: contrats
-- nature: part
-- unite: %
-- sens: hausse
-- personnes: oui
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    date_signature as jour,
    departement,
    count(*) filter (profil_renseigne(sexe, age, motif_admission)) as numerateur,
    count(*) as denominateur
from faits.ofii_cir_signataires
group by all
