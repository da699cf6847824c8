-- titre: Contrats ouvrant la culture ou le sport
-- numerateur: contrats CAI dont les volets contiennent CULTURE ou SPORT, à leur date de signature
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
where type_contrat = 'CAI' and regexp_matches(volets, '\b(CULTURE|SPORT)\b')
group by all
