-- titre: Conventions avec le CROUS
-- numerateur: contrats CROUS, à leur date de signature
-- nature: effectif
-- unite: conventions
-- sens: hausse
-- personnes: non
-- periodes: annee, cumul
-- territoires: departements
-- consolidation: 3

select
    date_signature as jour,
    departement,
    count(*) as numerateur
from faits.ddcs_contrats
where type_contrat = 'CROUS'
group by all
