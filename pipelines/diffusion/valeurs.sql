-- The values that may leave: counts of persons masked or rounded, all that is drawn from counts
-- drawn again from those; the other indicators, and the national figures, as they are.
-- An indicator that the roadmap no longer has, whose nature is thus unknown, stays inside.
--
-- Reads: chantier.a_diffuser, indicateurs.valeurs, referentiel.indicateurs, referentiel.territoires,
--        referentiel.cibles
-- Gives: diffusion.valeurs

with refaites as (
    select
        v.*,
        a.masque,
        bool_or(a.masque) over (
            partition by v.indicateur, v.territoire, v.periode, v.ventilation
        ) as ventilation_masquee
    from comparees('chantier.a_diffuser') as v
    join chantier.a_diffuser as a
        using (indicateur, territoire, periode, ventilation, modalite)
)

-- A part would give its masked neighbours away, and they its base.
select * exclude (ventilation_masquee, numerateur_a_date, denominateur_a_date)
    replace (case when not ventilation_masquee then part end as part)
from refaites
union all by name
select v.*, false as masque
from indicateurs.valeurs as v
join referentiel.indicateurs as i using (indicateur)
join referentiel.territoires as t using (territoire)
where
    (i.personnes = 'non' or t.maille = 'national')
    and v.arrete = (select max(d.arrete) from indicateurs.valeurs as d)
order by indicateur, type_periode, periode, territoire, ventilation, modalite
