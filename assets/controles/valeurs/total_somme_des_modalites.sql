-- titre: Le total d'un effectif est la somme de ses modalités
-- ligne: {indicateur}, {territoire}, {periode}, arrêté {arrete} : le total est {total}, la somme des
--   modalités de {ventilation} est {somme}.

-- Where all rows lack the value, the total has none, and modalities without a row are 0.
with totaux as (
    select indicateur, arrete, type_periode, periode, territoire, numerateur as total
    from valeurs_calculees
    where ventilation = 'total'
),

sommes as (
    select
        v.indicateur, v.arrete, v.type_periode, v.periode, v.territoire, v.ventilation,
        sum(v.numerateur) as somme
    from valeurs_calculees as v
    join chantier.indicateurs as i using (indicateur)
    where i.nature = 'effectif' and v.ventilation <> 'total'
    group by all
)

select
    s.indicateur, s.arrete, s.territoire, s.periode, s.ventilation, t.total, s.somme
from sommes as s
left join totaux as t using (indicateur, arrete, type_periode, periode, territoire)
where
    (t.total is not null and s.somme is null)
    or abs(coalesce(t.total, 0) - s.somme) > 1e-9 * (1 + abs(coalesce(t.total, 0)))
order by all
