-- titre: Heures de français prescrites par contrat
-- numerateur: somme de heures_prescrites
-- denominateur: contrats où heures_prescrites est renseigné
-- nature: moyenne
-- unite: heures
-- sens: hausse
-- personnes: oui
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    date_signature as jour,
    departement,
    sum(heures_prescrites) as numerateur,
    count(*) as denominateur
from faits.ofii_cir_signataires
where heures_prescrites is not null
group by all
