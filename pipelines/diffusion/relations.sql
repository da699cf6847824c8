-- What anyone knows of the counts: which add up to which, and which are a part of which. A sum that
-- does not hold (an extract whose rows may lack their department, say) is but a part of the whole.
-- A count of 0 is shown as it is: it brings nothing to a sum.
--
-- Reads: chantier.cellules, chantier.indicateurs, chantier.livraisons (extrait, mois)
-- Gives: chantier.relations: relation, tout, partie (variables), egale

with sommes as (
    select t.cle, t.variable, t.vrai, 'territoires' as genre, p.variable as partie, p.vrai as de
    from chantier.cellules as t
    join chantier.cellules as p
        using (indicateur, mesure, type_periode, debut, ventilation, modalite)
    where t.maille = 'region' and p.maille <> 'region'

    union all
    select t.cle, t.variable, t.vrai, p.ventilation, p.variable, p.vrai
    from chantier.cellules as t
    join chantier.cellules as p using (indicateur, mesure, type_periode, debut, territoire)
    where t.ventilation = 'total' and p.ventilation <> 'total'

    union all
    select t.cle, t.variable, t.vrai, 'mois', p.variable, p.vrai
    from chantier.cellules as t
    join chantier.cellules as p using (indicateur, mesure, territoire, ventilation, modalite)
    where
        t.type_periode = 'annee'
        and p.type_periode = 'mois'
        and p.debut between t.debut and t.debut + interval 11 month

    union all
    select t.cle, t.variable, t.vrai, 'annees', p.variable, p.vrai
    from chantier.cellules as t
    join chantier.cellules as p using (indicateur, mesure, territoire, ventilation, modalite)
    where t.type_periode = 'cumul' and p.type_periode in ('annee', 'annee_scolaire')

    -- The year before, up to the month of the newest delivery: its months, and a part of it.
    union all
    select t.cle, t.variable, t.vrai, 'mois', p.variable, p.vrai
    from chantier.cellules as t
    join chantier.cellules as p using (indicateur, territoire, ventilation, modalite)
    join chantier.indicateurs as i using (indicateur)
    where
        t.mesure = 'a_date'
        and p.mesure = 'numerateur'
        and p.type_periode = 'mois'
        and p.debut between t.debut - interval 1 year and (
            select cast(max(l.mois) || '-01' as date) - interval 1 year
            from chantier.livraisons as l
            where
                l.extrait = i.extrait
                and l.mois <= (select max(a.arrete) from chantier.a_diffuser as a)
        )

    union all
    select t.cle, t.variable, t.vrai, 'a_date', p.variable, p.vrai
    from chantier.cellules as t
    join chantier.cellules as p
        using (indicateur, type_periode, territoire, ventilation, modalite)
    where
        t.mesure = 'numerateur' and p.mesure = 'a_date' and p.debut = t.debut + interval 1 year

    union all
    select t.cle, t.variable, t.vrai, 'part', p.variable, p.vrai
    from chantier.cellules as t
    join chantier.cellules as p
        using (indicateur, type_periode, debut, territoire, ventilation, modalite)
    where t.nature = 'part' and t.mesure = 'denominateur' and p.mesure = 'numerateur'
),

jugees as (
    select
        *,
        sum(de) over (partition by cle, genre) as somme,
        dense_rank() over (order by cle, genre) - 1 as relation
    from sommes
)

select distinct
    relation,
    variable as tout,
    partie,
    genre not in ('part', 'a_date') and abs(somme - vrai) < 1e-6 as egale
from jugees
where somme <= vrai + 1e-6 and variable <> partie and vrai <> 0 and de <> 0
order by relation, partie
