-- titre: La région est la somme de ses territoires et de ce qui n'est d'aucun d'eux
-- ligne: {indicateur}, {periode}, {modalite}, arrêté {arrete} : le {terme} de la région est {region},
--   la somme de ses territoires {somme}.

-- Of values that the shared roll-up adds up; `chantier.sans_lieu` is what has no department.
with termes as (
    unpivot (
        select
            v.indicateur, v.arrete, v.type_periode, v.periode, v.ventilation, v.modalite,
            t.maille = 'region' as est_region, v.numerateur, v.denominateur
        from valeurs_calculees as v
        join referentiel.territoires as t using (territoire)
        join chantier.indicateurs as i using (indicateur)
        where i.nature <> 'propre' and i.territoires <> 'region' and t.maille <> 'national'
        union all by name
        select *, false as est_region from chantier.sans_lieu
        semi join chantier.indicateurs as i
            on i.indicateur = sans_lieu.indicateur and i.territoires <> 'region'
    )
    on numerateur, denominateur into name terme value nombre
)

select
    indicateur,
    arrete,
    periode,
    modalite,
    terme,
    coalesce(sum(nombre) filter (est_region), 0) as region,
    coalesce(sum(nombre) filter (not est_region), 0) as somme
from termes
group by indicateur, arrete, type_periode, periode, ventilation, modalite, terme
having abs(region - somme) > 1e-9 * (1 + abs(region))
order by all
