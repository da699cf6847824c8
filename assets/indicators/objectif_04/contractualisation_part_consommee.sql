-- titre: Part consommée de l'enveloppe de contractualisation
-- numerateur: somme de montant_consomme, contrats CAI dont les deux montants sont renseignés, à
--   leur date de signature
-- denominateur: somme de montant_prevu des mêmes contrats
-- nature: part
-- unite: %
-- sens: hausse
-- personnes: non
-- periodes: annee
-- territoires: departements
-- consolidation: 12
-- plafond: aucun

select
    date_signature as jour,
    departement,
    sum(montant_consomme order by montant_consomme) as numerateur,
    sum(montant_prevu order by montant_prevu) as denominateur
from faits.ddcs_contrats
where type_contrat = 'CAI' and montant_prevu is not null and montant_consomme is not null
group by all
