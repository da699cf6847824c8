-- titre: Un apprenant sorti de formation y a suivi de 40 à 600 heures de français en moyenne
-- ligne: Département {departement}, formations finies en {annee} : {apprenants} apprenants,
--   {heures_par_apprenant} heures réalisées en moyenne.
-- mesure: heures_par_apprenant
-- minimum: 40
-- maximum: 600

select
    'ofii/cir_signataires' as objet,
    departement,
    cast(year(date_fin_formation) as varchar) as annee,
    count(*) as apprenants,
    if(apprenants >= 10, avg(heures_realisees), null) as heures_par_apprenant
from faits.ofii_cir_signataires
where heures_prescrites > 0 and heures_realisees is not null and date_fin_formation is not null
group by all
order by annee, departement
