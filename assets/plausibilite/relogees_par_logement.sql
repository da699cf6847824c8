-- titre: Un logement capté par l'AVDL reloge d'une à six personnes en moyenne
-- ligne: {territoire}, {periode} : {personnes} personnes relogées dans {logements} logements captés,
--   soit {personnes_par_logement} par logement.
-- mesure: personnes_par_logement
-- minimum: 1
-- maximum: 6

select
    p.indicateur as objet,
    t.libelle as territoire,
    p.periode,
    p.valeur as personnes,
    l.valeur as logements,
    p.valeur / nullif(l.valeur, 0) as personnes_par_logement
from indicateurs.valeurs as p
join indicateurs.valeurs as l using (territoire, periode, type_periode, ventilation, arrete)
join referentiel.territoires as t using (territoire)
where
    p.indicateur = 'avdl_personnes_relogees'
    and l.indicateur = 'avdl_logements_captes'
    and p.ventilation = 'total'
    and p.arrete = arrete()
order by p.periode, t.rowid
