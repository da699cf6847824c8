-- titre: La région est la somme de ses territoires et de ce qui n'est d'aucun d'eux
-- ligne: {indicateur}, {periode}, {modalite}, arrêté {arrete} : la région compte {region}, ses
--   territoires {somme}.

-- Values that the shared roll-up adds up; `chantier.sans_lieu` is what has no department.
with parties as (
    select
        v.indicateur, v.arrete, v.type_periode, v.periode, v.ventilation, v.modalite,
        sum(v.numerateur) filter (t.maille = 'region') as region,
        sum(v.numerateur) filter (t.maille <> 'region') as somme,
        sum(v.denominateur) filter (t.maille = 'region') as region_denominateur,
        sum(v.denominateur) filter (t.maille <> 'region') as somme_denominateur
    from valeurs_calculees as v
    join referentiel.territoires as t using (territoire)
    join chantier.indicateurs as i using (indicateur)
    where
        i.nature <> 'propre' and i.territoires <> 'region' and t.maille <> 'national'
    group by all
)

select
    p.indicateur,
    p.arrete,
    p.periode,
    p.modalite,
    coalesce(p.region, 0) as region,
    coalesce(p.somme, 0) + coalesce(s.numerateur, 0) as somme
from parties as p
left join chantier.sans_lieu as s
    using (indicateur, arrete, type_periode, periode, ventilation, modalite)
where
    abs(coalesce(p.region, 0) - coalesce(p.somme, 0) - coalesce(s.numerateur, 0))
    > 1e-9 * (1 + abs(coalesce(p.region, 0)))
    or abs(
        coalesce(p.region_denominateur, 0)
        - coalesce(p.somme_denominateur, 0)
        - coalesce(s.denominateur, 0)
    ) > 1e-9 * (1 + abs(coalesce(p.region_denominateur, 0)))
order by all
