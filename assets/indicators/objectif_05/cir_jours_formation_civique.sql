-- titre: Jours de formation civique suivis par contrat
-- numerateur: somme de jours_formation_civique
-- denominateur: contrats où jours_formation_civique est renseigné
-- nature: moyenne
-- unite: jours
-- sens: hausse
-- personnes: oui
-- periodes: annee
-- territoires: departements
-- consolidation: 12

select
    date_signature as jour,
    departement,
    sum(jours_formation_civique) as numerateur,
    count(*) as denominateur
from faits.ofii_cir_signataires
where jours_formation_civique is not null
group by all
