-- Une ligne par extrait, livraison attendue et partie. Les mois sont ici des numéros (année × 12 +
-- mois - 1) ; la période d'une livraison est celle où tombe son dernier jour, moins le délai.

with deposees as (
    select
        f.extrait,
        f.partie,
        f.fichier,
        f.statut,
        f.numero,
        r.cadence,
        fin_de_periode(
            numero_de(last_day(jour_de(f.numero)) - cast(r.delai as integer)), r.cadence, r.fin
        ) as periode
    from chantier.deposes as f
    join chantier.rythmes as r using (extrait)
    where f.numero <= numero_arrete()
),

livrees as (
    from deposees where statut = 'acceptee'
),

-- Les parties que l'on connaît, depuis le mois où elles sont attendues : celles déjà livrées et,
-- dès qu'un département l'a été, tous les départements de la feuille de route.
departements as (
    select code from referentiel.territoires where maille = 'departement'
),

connues as (
    select extrait, partie, min(numero) as depuis
    from (
        select extrait, partie, numero from livrees where partie <> ''
        union all
        select l.extrait, d.code, l.numero
        from livrees as l
        cross join departements as d
        where l.partie in (select code from departements)
    )
    group by extrait, partie
),

-- Ce qui est attendu d'un mois livré : l'ensemble s'il est venu d'un seul tenant, sinon les parties
-- que l'on connaît alors.
par_mois as (
    select
        extrait,
        numero,
        periode,
        bool_or(partie = '') as entier,
        count(distinct partie) as nombre
    from livrees
    group by extrait, numero, periode
),

demandees as (
    select m.extrait, m.numero, '' as partie
    from par_mois as m
    where m.entier
    union all
    select m.extrait, m.numero, c.partie
    from par_mois as m
    join connues as c on m.extrait = c.extrait and c.depuis <= m.numero
    where not m.entier
),

-- Les livraisons attendues : dans chaque période, les mois où plus de la moitié des parties sont
-- venues ; le dernier mois d'une période finie où il n'y en a pas.
majoritaires as (
    select m.extrait, m.periode, m.numero
    from par_mois as m
    join demandees as d using (extrait, numero)
    group by m.extrait, m.periode, m.numero, m.nombre
    having 2 * m.nombre > count(*)
),

periodes as (
    select p.extrait, unnest(generate_series(p.premiere, numero_arrete(), p.cadence)) as periode
    from (
        select extrait, cadence, min(periode) as premiere from livrees group by extrait, cadence
    ) as p
),

attendues as (
    select extrait, periode, numero, numero as modele from majoritaires
    union all
    select p.extrait, p.periode, p.periode, max(m.numero)
    from periodes as p
    join par_mois as m on p.extrait = m.extrait and m.periode <= p.periode
    anti join majoritaires as a on p.extrait = a.extrait and p.periode = a.periode
    group by p.extrait, p.periode
),

-- Un fichier répond de la première livraison attendue de sa période qu'il ne précède pas, sinon de
-- la dernière.
rangees as (
    select
        d.extrait,
        d.partie,
        d.fichier,
        d.statut,
        a.numero
    from deposees as d
    join attendues as a on d.extrait = a.extrait and d.periode = a.periode
    qualify
        row_number() over (
            partition by d.fichier order by a.numero < d.numero, abs(a.numero - d.numero)
        ) = 1
),

recues as (
    select extrait, partie, numero, string_agg(fichier, ', ' order by fichier) as recu
    from rangees
    where statut = 'acceptee'
    group by extrait, partie, numero
),

refusees as (
    select distinct extrait, partie, numero from rangees where statut = 'refusee'
),

dues as (
    select
        a.extrait,
        a.numero,
        a.modele,
        a.periode,
        -- La dernière d'une période peut venir jusqu'à la fin de celle-ci, les autres non.
        last_day(
            jour_de(
                if(
                    a.numero = max(a.numero) over (partition by a.extrait, a.periode),
                    a.periode,
                    least(a.numero, a.periode)
                )
            )
        )
        + cast(r.delai as integer) as limite
    from attendues as a
    join chantier.rythmes as r using (extrait)
),

voulues as (
    select a.extrait, a.numero, d.partie
    from dues as a
    join demandees as d on a.extrait = d.extrait and a.modele = d.numero
),

-- Un fichier publié naguère, qui n'est plus livré : de la livraison dont il répondrait, ou de son
-- mois si plus rien n'est attendu de cette période.
disparues as (
    select
        d.extrait,
        d.partie,
        coalesce(r.numero, d.numero) as numero,
        string_agg(d.fichier, ', ' order by d.fichier) as disparu
    from deposees as d
    left join rangees as r using (fichier)
    where d.statut = 'disparue'
    group by all
),

completes as (
    select
        extrait,
        partie,
        numero,
        v.numero is not null as attendu,
        q.recu,
        p.disparu,
        (
            select min(l.numero)
            from livrees as l
            where
                v.extrait = l.extrait
                and l.numero > v.numero
                and (l.partie = v.partie or '' in (l.partie, v.partie))
                and q.recu is null
        ) as suivante
    from voulues as v
    full join recues as q using (extrait, partie, numero)
    full join disparues as p using (extrait, partie, numero)
)

select
    split_part(c.extrait, '/', 1) as source,
    split_part(c.extrait, '/', 2) as extrait,
    nullif(c.partie, '') as partie,
    mois_de(c.numero) as mois,
    d.limite,
    c.attendu,
    c.recu,
    c.recu is not null as a_l_heure,
    if(
        c.recu is null,
        greatest(0, last_day(jour_de(coalesce(c.suivante, numero_arrete()))) - d.limite),
        0
    ) as retard_jours,
    mois_de(c.suivante) as suivante,
    case
        when c.recu is not null then 'recue'
        when r.extrait is not null then 'refusee'
        when c.disparu is not null then 'disparue'
        else 'manquante'
    end as statut,
    mois_de(d.periode) as periode,
    c.disparu
from completes as c
left join dues as d using (extrait, numero)
left join refusees as r using (extrait, partie, numero)
order by all
