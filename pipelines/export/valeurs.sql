-- The values that may leave, with their labels, in a fixed order.
--
-- Reads: publie.diffusion.valeurs, publie.referentiel.indicateurs, .territoires, .extraits, .codes
-- Gives: what `bilan exporter` writes; the columns of diffusion.valeurs keep their order

with modalites as (
    select
        i.indicateur,
        v.ventilation,
        c.code as modalite,
        any_value(c.libelle) as libelle
    from publie.referentiel.indicateurs as i
    cross join unnest(string_split(i.ventilations, '|')) as v(ventilation)
    left join publie.referentiel.extraits as e
        on i.extrait = e.extrait and v.ventilation = e.colonne
    join publie.referentiel.codes as c
        on c.liste = coalesce(string_split(e.liste, ' ')[1], v.ventilation)
    group by all
)

select
    v.indicateur,
    i.titre,
    i.unite,
    v.territoire,
    t.libelle as nom_territoire,
    v.* exclude (indicateur, territoire, ventilation, modalite, arrete, masque),
    v.ventilation,
    v.modalite,
    case v.modalite
        when 'total' then 'Ensemble'
        when 'non_renseigne' then 'Non renseigné'
        else coalesce(m.libelle, v.modalite)
    end as libelle_modalite,
    v.arrete,
    v.masque
from publie.diffusion.valeurs as v
left join publie.referentiel.indicateurs as i using (indicateur)
left join publie.referentiel.territoires as t using (territoire)
left join modalites as m
    on v.indicateur = m.indicateur and v.ventilation = m.ventilation and v.modalite = m.modalite
order by v.indicateur, v.type_periode, v.periode, v.territoire, v.ventilation, v.modalite
