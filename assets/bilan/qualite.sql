-- titre: Un rafraîchissement sur un écran
-- objet: Ce qu'ont donné les livraisons, les contrôles et les attendus, au dernier arrêté, les mois à
--   recalculer, ce qui n'est pas mûr et les relations entre chiffres imprimés. Le détail est dans qualite.livraisons, qualite.rejets, qualite.doutes,
--   qualite.controles, qualite.attendus et qualite.arretes ; celui des écritures propres à un
--   partenaire, dans referentiel.correspondances et qualite.correspondances.
-- colonne sujet: Ce dont on parle.
-- colonne constat: Ce qui est constaté, en une phrase.
-- colonne à voir: Nombre de points qu'une personne doit regarder.

with livraisons as (
    select
        count(*) filter (statut = 'acceptee') as acceptees,
        count(*) filter (statut = 'refusee') as refusees,
        count(*) filter (statut = 'remplacee') as remplacees,
        coalesce(sum(acceptees) filter (statut = 'acceptee'), 0) as chargees,
        coalesce(sum(rejetees) filter (statut = 'acceptee'), 0) as rejetees
    from qualite.livraisons
),

sortes as (
    select d.doute, count(*) as nombre
    from qualite.doutes as d
    join qualite.livraisons as l on l.fichier = d.fichier and l.statut = 'acceptee'
    group by d.doute
    order by nombre desc, d.doute
),

doutes as (
    select
        count(*) as nombre,
        count(distinct d.fichier) as fichiers,
        (select list(format('{} {}', s.nombre, s.doute)) from sortes as s) as par_sorte
    from qualite.doutes as d
    join qualite.livraisons as l on l.fichier = d.fichier and l.statut = 'acceptee'
),

controles as (
    select
        count(*) filter (severite = 'bloquant') as identites,
        count(*) filter (severite = 'bloquant' and not reussi) as defauts,
        count(*) filter (severite = 'signalement' and not reussi) as signalements
    from qualite.controles
    where arrete = arrete()
),

attendus as (
    select
        count(*) filter (attendu) as attendues,
        count(*) filter (attendu and statut = 'refusee') as refusees,
        count(*) filter (
            attendu and statut in ('manquante', 'disparue') and retard_jours > 0
        ) as manquantes,
        count(disparu) as disparues
    from qualite.attendus
    where mois <= arrete()
),

dernier as (
    select max(mois_livraison) as mois from qualite.livraisons
),

-- A line that no file of the year bears out may name files otherwise than they are named now.
ecritures as (
    select exists (
        select 1
        from qualite.livraisons as l, dernier as d
        where
            l.source || '/' || l.extrait = c.extrait
            and l.mois_livraison > strftime(strptime(d.mois, '%Y-%m') - interval 1 year, '%Y-%m')
            and lower(parse_filename(l.fichier)) glob lower(coalesce(nullif(c.fichiers, ''), '*'))
    ) as servie
    from referentiel.correspondances as c
),

mois as (
    select count(distinct arrete) as publies, count(distinct arrete) filter (not a_jour) as perimes
    from qualite.arretes
),

-- What of the arrêté may still change: periods that are not over, and those that are, by indicators.
immatures as (
    select v.maturite, v.periode, count(distinct v.indicateur) as indicateurs
    from indicateurs.valeurs as v
    join referentiel.territoires as t on v.territoire = t.territoire and t.maille = 'region'
    where
        v.arrete = arrete()
        and v.type_periode in ('annee', 'annee_scolaire')
        and v.ventilation = 'total'
        and v.maturite <> 'consolidee'
    group by all
),

maturites as (
    select
        count(*) filter (maturite = 'provisoire') as provisoires,
        string_agg(periode, ' et ' order by periode) filter (maturite = 'provisoire') as en_cours,
        string_agg(
            format('{} est récente pour {} indicateurs', periode, indicateurs),
            ', ' order by periode
        ) filter (maturite = 'recente') as recentes
    from immatures
),

relations as (
    select count(*) as verifiees, count(*) filter (not tient) as fausses
    from rapprochement.coherences
),

constats as (
    select
        1 as rang,
        'Livraisons' as sujet,
        format(
            '{} acceptées, {} refusées, {} remplacées ; {} lignes chargées, {} rejetées',
            acceptees, refusees, remplacees, en_francais(chargees, 0), rejetees
        ) as constat,
        refusees + rejetees as a_voir
    from livraisons
    union all
    select
        2,
        'Doutes',
        format('{} sur {} {}', nombre, fichiers, if(fichiers > 1, 'fichiers', 'fichier'))
        || coalesce(' : ' || array_to_string(par_sorte[:3], ', '), '')
        || if(len(par_sorte) > 3, '…', ''),
        nombre
    from doutes
    union all
    select
        3,
        'Contrôles',
        format(
            '{} identités vérifiées, {} en défaut ; {} signalements à regarder',
            identites, defauts, signalements
        ),
        defauts + signalements
    from controles
    union all
    select
        4,
        'Attendus',
        format(
            '{} livraisons attendues, {} manquantes, {} venues mais refusées',
            attendues, manquantes, refusees
        )
        || if(disparues > 0, format(', {} disparues de raw/', disparues), ''),
        manquantes + refusees + disparues
    from attendus
    union all
    select
        5,
        'Arrêtés',
        format('{} mois publiés, {} à recalculer', publies, perimes),
        perimes
    from mois
    union all
    select
        6,
        'Écritures',
        format(
            '{} lignes de correspondances.csv, {} sans fichier depuis un an',
            count(*), count(*) filter (not servie)
        ),
        count(*) filter (not servie)
    from ecritures
    having count(*) > 0
    union all
    select
        7,
        'Maturité',
        concat_ws(
            ' ; ',
            en_cours || if(provisoires > 1, ' sont provisoires', ' est provisoire')
            || ' : comparer à date (evolution_a_date)',
            recentes
        ),
        0
    from maturites
    where provisoires > 0 or recentes is not null
    union all
    select
        8,
        'Relations',
        format('{} entre chiffres imprimés, {} ne tiennent pas', verifiees, fausses),
        fausses
    from relations
    where verifiees > 0
)

select sujet, constat, a_voir as "à voir", arrete() as arrete
from constats
order by rang
