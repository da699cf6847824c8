-- The counts that may be given away by others: one row a count, of what counts can be added up.
-- Two indicators that count the same, place by place and period by period, share a variable; two
-- modalities of one indicator do not: they add up.
--
-- Reads: chantier.a_diffuser
-- Gives: chantier.cellules: cle (order), the key, mesure (numerateur, denominateur, a_date), vrai,
--        entier (the indicator's counts are whole), variable

with comptes as (
    select *, 'numerateur' as mesure, numerateur_vrai as vrai from chantier.a_diffuser
    union all by name
    select *, 'denominateur' as mesure, denominateur_vrai as vrai from chantier.a_diffuser
    union all by name
    select *, 'a_date' as mesure, numerateur_a_date_vrai as vrai from chantier.a_diffuser
    where not rapport
),

rangees as (
    select
        row_number() over (
            order by indicateur, mesure, type_periode, debut, territoire, ventilation, modalite
        ) - 1 as cle,
        indicateur, mesure, type_periode, periode, debut, territoire, maille, ventilation, modalite,
        nature, vrai,
        bool_and(vrai = floor(vrai)) over (partition by indicateur, mesure) as entier
    from comptes
    where nature <> 'propre' and vrai is not null
),

series as (
    select
        indicateur, mesure, type_periode, ventilation, modalite,
        list((territoire, debut, vrai) order by territoire, debut) as comptes
    from rangees
    group by all
),

distinctes as (
    select
        *,
        row_number() over (
            partition by comptes, indicateur, mesure, type_periode
            order by ventilation <> 'total', ventilation, modalite
        ) as rang
    from series
)

select
    r.*,
    min(r.cle) over (partition by s.comptes, s.rang, r.territoire, r.type_periode, r.debut) as variable
from rangees as r
join distinctes as s using (indicateur, mesure, type_periode, ventilation, modalite)
order by r.cle
