-- titre: D'une période close à l'autre, un nombre ne triple pas et ne tombe pas sous le tiers
-- ligne: {titre}, {territoire}, {periode} : {valeur}, contre {habituelle} (médiane des périodes
--   précédentes).
-- mesure: multiplicateur
-- minimum: 0.33
-- maximum: 3

-- The newest closed period against the others, where one of the two is at least 20.
with closes as (
    select
        v.*,
        max(v.periode) over (partition by v.indicateur, v.type_periode) as derniere
    from indicateurs.valeurs as v
    join referentiel.indicateurs as i using (indicateur)
    where
        v.ventilation = 'total'
        and v.arrete = arrete()
        and not v.provisoire
        and v.type_periode in ('annee', 'annee_scolaire')
        and i.unite <> '%'
),

series as (
    select
        indicateur, territoire, type_periode, derniere as periode,
        any_value(valeur) filter (periode = derniere) as valeur,
        median(valeur) filter (periode < derniere) as habituelle,
        count(valeur) filter (periode < derniere) as precedentes
    from closes
    group by all
)

select
    s.indicateur as objet,
    i.titre,
    t.libelle as territoire,
    s.periode,
    s.valeur,
    s.habituelle,
    if(
        greatest(s.valeur, s.habituelle) >= 20, s.valeur / greatest(s.habituelle, 1), null
    ) as multiplicateur
from series as s
join referentiel.indicateurs as i using (indicateur)
join referentiel.territoires as t using (territoire)
where s.precedentes >= 2 and t.maille <> 'national'
order by i.rowid, s.type_periode, t.rowid
