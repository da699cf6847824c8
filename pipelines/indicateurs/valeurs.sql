-- The one place where measures become values: periods, territories, breakdowns. Indicators only
-- count; nothing about a single one of them is said here. Divisions, comparisons and ranks are the
-- macro `comparees` (comparaisons.sql), which diffusion also calls.
--
-- Reads: chantier.mesures (indicateur, arrete, debut, territoire, ventilation, modalite, numerateur,
--        denominateur; territoire NULL: the region), chantier.indicateurs, chantier.modalites,
--        chantier.arretes, chantier.livraisons (extrait, mois), referentiel.*
-- Gives: chantier.valeurs

with region as (
    select territoire from referentiel.territoires where maille = 'region'
),

-- One row per indicator, arrêté and type of period.
plan as (
    select
        i.*,
        a.arrete,
        fin_du_mois(a.arrete) as jour_arrete,
        unnest(i.periodes) as type_periode
    from chantier.indicateurs as i
    cross join chantier.arretes as a
),

-- Measures of the region: all of them added up, unless they cannot be added.
placees as (
    select m.*
    from chantier.mesures as m
    join chantier.indicateurs as i using (indicateur)
    where i.nature <> 'propre' and m.territoire is not null
    union all by name
    select m.* replace (r.territoire as territoire)
    from chantier.mesures as m
    join chantier.indicateurs as i using (indicateur)
    cross join region as r
    where i.nature <> 'propre'
    union all by name
    select m.* replace (coalesce(m.territoire, r.territoire) as territoire)
    from chantier.mesures as m
    join chantier.indicateurs as i using (indicateur)
    cross join region as r
    where i.nature = 'propre'
),

-- Sums are taken in a fixed order, so that they are the same to the last bit each time.
sommes as (
    select
        m.indicateur,
        m.arrete,
        p.type_periode,
        debut_periode(p.type_periode, m.debut) as debut,
        m.territoire,
        m.ventilation,
        m.modalite,
        sum(m.numerateur order by m.numerateur) as numerateur,
        sum(m.denominateur order by m.denominateur) as denominateur
    from placees as m
    join plan as p using (indicateur, arrete)
    group by all
),

-- From the first period in which something counts to that of the arrêté, without a gap.
series as (
    select
        p.indicateur,
        p.arrete,
        p.type_periode,
        min(s.debut) as premiere,
        debut_periode(p.type_periode, p.jour_arrete) as derniere
    from plan as p
    join sommes as s using (indicateur, arrete, type_periode)
    group by all
),

periodes as (
    select
        s.indicateur,
        s.arrete,
        s.type_periode,
        cast(
            unnest(
                case s.type_periode
                    when 'cumul' then [cast(s.premiere as timestamp)]
                    when 'mois' then generate_series(s.premiere, s.derniere, interval 1 month)
                    else generate_series(s.premiere, s.derniere, interval 1 year)
                end
            ) as date
        ) as debut
    from series as s
),

-- A period in which nothing counts and for which nothing was delivered has no value.
periodes_connues as (
    select
        p.*,
        exists (
            from sommes as s
            where
                s.indicateur = p.indicateur
                and s.arrete = p.arrete
                and s.type_periode = p.type_periode
                and s.debut = p.debut
        )
        or exists (
            from chantier.livraisons as l
            join chantier.indicateurs as i on l.extrait = i.extrait
            where
                i.indicateur = p.indicateur
                and l.mois <= p.arrete
                and l.mois >= strftime(p.debut, '%Y-%m')
        ) as connue
    from periodes as p
),

modalites as (
    select distinct indicateur, arrete, 'total' as ventilation, 'total' as modalite
    from series
    union
    select m.indicateur, a.arrete, m.ventilation, m.modalite
    from chantier.modalites as m
    join chantier.arretes as a on m.depuis <= a.arrete
    union
    select distinct indicateur, arrete, ventilation, modalite
    from chantier.mesures
),

territoires as (
    select i.indicateur, t.territoire, t.maille
    from chantier.indicateurs as i
    join referentiel.territoires as t
        on t.maille = 'region' or t.maille || 's' = i.territoires
),

cases as (
    select
        p.indicateur,
        t.territoire,
        t.maille,
        libelle_periode(p.type_periode, p.debut) as periode,
        p.type_periode,
        p.debut,
        fin_periode(p.type_periode, p.debut) > l.jour_arrete as provisoire,
        m.ventilation,
        m.modalite,
        p.arrete,
        l.nature,
        l.unite,
        l.sens,
        l.rapport,
        case
            when not p.connue then null
            when l.rapport then coalesce(s.numerateur, 0)
            when s.indicateur is null and l.sans_ligne = '' then 0
            else s.numerateur
        end as numerateur,
        case when p.connue and l.rapport then coalesce(s.denominateur, 0) end as denominateur
    from periodes_connues as p
    join plan as l using (indicateur, arrete, type_periode)
    join territoires as t using (indicateur)
    join modalites as m using (indicateur, arrete)
    left join sommes as s
        using (indicateur, arrete, type_periode, debut, territoire, ventilation, modalite)
),

nationales as (
    select
        n.indicateur,
        n.territoire,
        n.periode,
        type_de_periode(n.periode) as type_periode,
        fin_periode(type_periode, debut_de_periode(n.periode)) > l.jour_arrete as provisoire,
        'total' as ventilation,
        'total' as modalite,
        l.arrete,
        n.valeur
    from referentiel.references_nationales as n
    join (select distinct indicateur, arrete, jour_arrete from plan) as l using (indicateur)
    where debut_de_periode(n.periode) <= l.jour_arrete
)

select * from comparees(cases)
union all by name
select * from nationales
