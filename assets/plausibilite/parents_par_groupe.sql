-- titre: Un groupe OEPRE réunit de 8 à 15 parents
-- ligne: {territoire}, année scolaire {periode} : {parents} parents dans {groupes} groupes, soit
--   {parents_par_groupe} parents par groupe.
-- mesure: parents_par_groupe
-- minimum: 8
-- maximum: 15

select
    p.indicateur as objet,
    t.libelle as territoire,
    p.periode,
    p.valeur as parents,
    g.valeur as groupes,
    p.valeur / nullif(g.valeur, 0) as parents_par_groupe
from indicateurs.valeurs as p
join indicateurs.valeurs as g using (territoire, periode, type_periode, ventilation, arrete)
join referentiel.territoires as t using (territoire)
where
    p.indicateur = 'oepre_parents'
    and g.indicateur = 'oepre_groupes'
    and p.ventilation = 'total'
    and p.arrete = arrete()
order by p.periode, t.rowid
