-- The one place where measures become values: periods, territories, breakdowns. Indicators only
-- count; nothing about a single one of them is said here. Divisions, comparisons and ranks are the
-- macro `comparees` (comparaisons.sql), which diffusion also calls.
--
-- Reads: chantier.mesures (indicateur, arrete, debut, territoire, ventilation, modalite, numerateur,
--        denominateur; territoire NULL: the region), chantier.indicateurs, chantier.modalites,
--        chantier.arretes, chantier.livraisons (extrait, mois), chantier.datees (indicateur: its rows
--        have a day or a month), chantier.mois_presents (extrait, arrete, mois: the months of which
--        an extract with a column `mois` has a row in force), referentiel.*
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
        (
            select max(l.mois) from chantier.livraisons as l
            where l.extrait = i.extrait and l.mois <= a.arrete
        ) as derniere,
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
        or coalesce(l.derniere >= strftime(p.debut, '%Y-%m'), false) as connue
    from periodes as p
    join plan as l using (indicateur, arrete, type_periode)
),

-- Whether a period may be set against the one a year earlier: it is over and delivered to its end, its
-- cohort has had its time, and no month is missing from either.
fenetres as (
    select distinct
        l.extrait,
        l.mensuel,
        p.arrete,
        p.type_periode,
        p.debut,
        l.jour_arrete,
        fin_periode(p.type_periode, p.debut) as fin,
        last_day(cast(l.derniere || '-01' as date)) as jusque
    from periodes as p
    join plan as l using (indicateur, arrete, type_periode)
    where p.type_periode <> 'cumul'
),

-- Months that have rows, of this period and of the one a year earlier; up to the newest delivery, too.
presences as (
    select
        f.*,
        count(m.mois) as presents,
        count(m.mois) filter (
            m.mois <= f.jusque - interval 1 year or m.mois between f.debut and f.jusque
        ) as presents_a_date
    from fenetres as f
    left join chantier.mois_presents as m
        on
            m.extrait = f.extrait
            and m.arrete = f.arrete
            and (
                m.mois between f.debut and f.fin
                or m.mois between f.debut - interval 1 year and f.fin - interval 1 year
            )
    group by all
),

suivies as (
    select
        extrait,
        arrete,
        type_periode,
        debut,
        fin <= jour_arrete
        and jusque >= fin
        and (not mensuel or presents = 2 * (date_diff('month', debut, fin) + 1)) as comparable,
        -- The year under way: the month of the newest delivery, a year earlier, is the last one counted.
        case
            when
                type_periode = 'annee'
                and fin > jour_arrete
                and jusque >= debut
                and (not mensuel or presents_a_date = 2 * (date_diff('month', debut, jusque) + 1))
                then last_day(cast(jusque - interval 1 year as date))
        end as jusque_a_date
    from presences
),

a_date as (
    select
        m.indicateur,
        m.arrete,
        m.territoire,
        m.ventilation,
        m.modalite,
        sum(m.numerateur order by m.numerateur) as numerateur,
        sum(m.denominateur order by m.denominateur) as denominateur
    from placees as m
    join plan as l using (indicateur, arrete)
    join suivies as f using (extrait, arrete, type_periode)
    where m.debut between f.debut - interval 1 year and f.jusque_a_date
    group by all
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
        case p.type_periode
            when 'cumul' then l.jour_arrete
            else fin_periode(p.type_periode, p.debut)
        end as fin,
        fin_periode(p.type_periode, p.debut) > l.jour_arrete as provisoire,
        maturite(p.type_periode, p.debut, l.jour_arrete, l.consolidation) as maturite,
        m.ventilation,
        m.modalite,
        p.arrete,
        l.nature,
        l.unite,
        l.sens,
        l.rapport,
        coalesce(f.comparable, false)
        and (l.consolidation <= 3 or maturite <> 'recente') as comparable,
        case
            when not p.connue then null
            when l.rapport then coalesce(s.numerateur, 0)
            when s.indicateur is null and l.sans_ligne = '' then 0
            else s.numerateur
        end as numerateur,
        case when p.connue and l.rapport then coalesce(s.denominateur, 0) end as denominateur,
        case
            when d.indicateur is null or p.debut = e.premiere or f.jusque_a_date is null then null
            when l.rapport then coalesce(a.numerateur, 0)
            when a.indicateur is null then 0
            else a.numerateur
        end as numerateur_a_date,
        case when numerateur_a_date is not null and l.rapport then coalesce(a.denominateur, 0) end
            as denominateur_a_date
    from periodes_connues as p
    join plan as l using (indicateur, arrete, type_periode)
    join territoires as t using (indicateur)
    join modalites as m using (indicateur, arrete)
    left join sommes as s
        using (indicateur, arrete, type_periode, debut, territoire, ventilation, modalite)
    join series as e using (indicateur, arrete, type_periode)
    left join suivies as f using (extrait, arrete, type_periode, debut)
    -- What has no count to date: a cohort that needs more time, rows that have but a year.
    left join chantier.datees as d
        on d.indicateur = p.indicateur and l.consolidation <= 3 and l.nature <> 'propre'
    left join a_date as a
        on
            a.indicateur = p.indicateur
            and a.arrete = p.arrete
            and a.territoire = t.territoire
            and a.ventilation = m.ventilation
            and a.modalite = m.modalite
),

nationales as (
    select
        n.indicateur,
        n.territoire,
        n.periode,
        type_de_periode(n.periode) as type_periode,
        debut_de_periode(n.periode) as debut,
        fin_periode(type_periode, debut_de_periode(n.periode)) as fin,
        fin > l.jour_arrete as provisoire,
        'consolidee' as maturite,
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
