-- titre: Un logement mobilisé accueille d'une à six personnes en moyenne
-- ligne: {territoire}, {periode} : {personnes} personnes dans {logements} logements, soit
--   {personnes_par_logement} par logement.
-- mesure: personnes_par_logement
-- minimum: 1
-- maximum: 6

select
    v.indicateur as objet,
    t.libelle as territoire,
    v.periode,
    v.numerateur as personnes,
    v.denominateur as logements,
    v.valeur as personnes_par_logement
from indicateurs.valeurs as v
join referentiel.territoires as t using (territoire)
where
    v.indicateur = 'personnes_par_logement_mobilise'
    and v.ventilation = 'total'
    and v.arrete = arrete()
    and t.maille <> 'national'
order by v.periode, t.rowid
