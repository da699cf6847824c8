-- titre: Un rafraîchissement sur un écran
-- objet: Ce qu'ont donné les livraisons, les contrôles et les attendus, au dernier arrêté, et les mois à
--   recalculer. Le détail est dans qualite.livraisons, qualite.rejets, qualite.doutes,
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
        count(*) filter (attendu and statut = 'manquante' and retard_jours > 0) as manquantes
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
        ),
        manquantes + refusees
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
)

select sujet, constat, a_voir as "à voir", arrete() as arrete
from constats
order by rang
