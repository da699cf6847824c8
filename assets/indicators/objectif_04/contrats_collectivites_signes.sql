-- titre: Contrats d'accueil et d'intégration signés
-- numerateur: contrats CAI, à leur date de signature
-- nature: effectif
-- unite: contrats
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
where type_contrat = 'CAI'
group by all
