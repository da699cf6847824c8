-- titre: Part des bénéficiaires de la protection internationale parmi les signataires
-- numerateur: contrats avec bpi = O
-- denominateur: contrats où bpi est renseigné
-- nature: part
-- unite: %
-- sens: neutre
-- personnes: oui
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    date_signature as jour,
    departement,
    count(*) filter (bpi) as numerateur,
    count(*) as denominateur
from faits.ofii_cir_signataires
where bpi is not null
group by all
