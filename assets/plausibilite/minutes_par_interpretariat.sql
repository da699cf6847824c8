-- titre: Un interprétariat dure de 10 à 120 minutes en moyenne
-- ligne: Département {departement}, {annee} : {minutes} minutes pour {honorees} demandes honorées,
--   soit {minutes_par_demande} minutes chacune.
-- mesure: minutes_par_demande
-- minimum: 10
-- maximum: 120

select
    'ars/interpretariat' as objet,
    departement,
    mois[:4] as annee,
    sum(duree_minutes) as minutes,
    sum(demandes_honorees) as honorees,
    if(honorees >= 10, minutes / honorees, null) as minutes_par_demande
from faits.ars_interpretariat
where duree_minutes is not null
group by all
order by annee, departement
