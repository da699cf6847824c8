-- titre: Référents départementaux et comités
-- objet: Année par année, le profil des référents départementaux en fonction au dernier jour, et les
--   dates des comités ; la région, pour les siens, est la première ligne de chaque année. Au dernier
--   arrêté calculé. Aucune ligne n'est celle d'une personne.
-- colonne annee: Année.
-- colonne territoire: Nom du département, ou de la région.
-- colonne Référents: Nombre de référents départementaux en fonction au dernier jour de l'année, ou de l'arrêté.
-- colonne Profils: Leurs profils, en toutes lettres.
-- colonne Structures: Les administrations dont ils sont.
-- colonne Comités de pilotage: Dates des comités de pilotage de l'année.
-- colonne Comités techniques: Dates des comités techniques de l'année.
-- colonne Maturité: provisoire (l'année n'est pas finie) ; vide sinon.
-- colonne arrete: Dernier arrêté calculé, AAAA-MM.

with dernier as (
    select max(arrete) as arrete from indicateurs.valeurs
),

premiere as (
    select min(annee) as annee
    from (
        select year(date_reunion) as annee from faits.ddcs_reunions
        union all
        select year(date_designation) from faits.ddcs_designations
    ) as a
),

cases as (
    select
        a.annee,
        d.arrete,
        least(make_date(a.annee, 12, 31), fin_du_mois(d.arrete)) as jour,
        t.territoire,
        t.libelle,
        t.maille,
        t.code,
        t.rowid as rang
    from dernier as d
    cross join premiere as p
    cross join generate_series(2000, 2100) as a(annee)
    cross join referentiel.territoires as t
    where
        a.annee between p.annee and year(fin_du_mois(d.arrete))
        and t.maille in ('departement', 'region')
),

designes as (
    select
        k.annee,
        k.territoire,
        count(*) as nombre,
        string_agg(distinct coalesce(c.libelle, f.profil), ', ' order by coalesce(c.libelle, f.profil))
            as profils,
        string_agg(distinct f.structure, ', ' order by f.structure) as structures
    from cases as k
    join faits.ddcs_designations as f
        on
            k.maille = 'departement'
            and k.code = f.departement
            and f.date_designation <= k.jour
            and (f.date_fin is null or f.date_fin >= k.jour)
    left join referentiel.codes as c on c.liste = 'profil' and c.code = f.profil
    where f.fonction = 'REFERENT_DEPARTEMENTAL'
    group by all
),

reunis as (
    select
        k.annee,
        k.territoire,
        string_agg(strftime(f.date_reunion, '%d/%m/%Y'), ', ' order by f.date_reunion)
            filter (f.instance = 'COPIL') as pilotage,
        string_agg(strftime(f.date_reunion, '%d/%m/%Y'), ', ' order by f.date_reunion)
            filter (f.instance = 'COTECH') as techniques
    from cases as k
    join faits.ddcs_reunions as f
        on
            year(f.date_reunion) = k.annee
            and f.date_reunion <= k.jour
            and case k.maille
                when 'region' then f.niveau = 'REGIONAL'
                else f.niveau = 'DEPARTEMENTAL' and f.departement = k.code
            end
    group by all
)

select
    k.annee,
    k.libelle as territoire,
    if(k.maille = 'departement', coalesce(d.nombre, 0), null) as "Référents",
    d.profils as "Profils",
    d.structures as "Structures",
    r.pilotage as "Comités de pilotage",
    r.techniques as "Comités techniques",
    affiche_maturite(if(make_date(k.annee, 12, 31) > k.jour, 'provisoire', 'consolidee'))
        as "Maturité",
    k.arrete
from cases as k
left join designes as d on k.annee = d.annee and k.territoire = d.territoire
left join reunis as r on k.annee = r.annee and k.territoire = r.territoire
order by k.annee, k.maille <> 'region', k.rang
