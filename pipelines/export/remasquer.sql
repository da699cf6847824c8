-- The cells that an earlier export masks and this one would show, though their value is the same:
-- from the two exports together, cells that stay hidden could be told.
--
-- Reads: valeurs, precedentes (the earlier export), publie.indicateurs.valeurs
-- Gives: the keys of the cells to mask again, with the first day of the same period a year later
--
-- A value is known to have changed only where both arrêtés are in the warehouse. Of a rate, each
-- term that was masked must have: another indicator may count it too.

with avant as (
    from publie.indicateurs.valeurs where arrete = (select max(arrete) from precedentes)
),

maintenant as (
    from publie.indicateurs.valeurs where arrete = (select max(arrete) from valeurs)
)

select
    v.indicateur,
    v.territoire,
    v.periode,
    v.type_periode,
    v.ventilation,
    v.modalite,
    cast(v.debut + interval 1 year as date) as un_an_apres
from valeurs as v
join precedentes as p using (indicateur, territoire, periode, ventilation, modalite)
left join avant using (indicateur, territoire, periode, ventilation, modalite)
left join maintenant using (indicateur, territoire, periode, ventilation, modalite)
where
    p.masque
    and not v.masque
    and (
        avant.indicateur is null
        or maintenant.indicateur is null
        or (
            p.numerateur is null
            and avant.numerateur is not distinct from maintenant.numerateur
            and avant.numerateur is not null
        )
        or (
            p.denominateur is null
            and avant.denominateur is not distinct from maintenant.denominateur
            and avant.denominateur is not null
        )
        or (
            avant.numerateur is not distinct from maintenant.numerateur
            and avant.denominateur is not distinct from maintenant.denominateur
        )
    )
