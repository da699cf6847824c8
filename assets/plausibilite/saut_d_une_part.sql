-- titre: D'une période close à l'autre, une part bouge de moins de 30 points
-- ligne: {titre}, {territoire}, {periode} : {valeur} %, contre {habituelle} % (médiane des périodes
--   précédentes).
-- mesure: ecart_en_points
-- minimum: -30
-- maximum: 30

-- The newest closed period against the others, where each part is of at least 20.
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
        and i.unite = '%'
        and v.denominateur >= 20
),

series as (
    select
        indicateur, territoire, type_periode, derniere as periode,
        any_value(valeur) filter (periode = derniere) as valeur,
        median(valeur) filter (periode < derniere) as habituelle
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
    s.valeur - s.habituelle as ecart_en_points
from series as s
join referentiel.indicateurs as i using (indicateur)
join referentiel.territoires as t using (territoire)
where t.maille <> 'national'
order by i.rowid, s.type_periode, t.rowid
