-- titre: Le bilan, phrase par phrase, pour écrire le suivant
-- objet: Une ligne par phrase imprimée, dans l'ordre du document : ce qu'elle imprime, ce que disent les
--   données à son arrêté, et les mêmes chiffres pour le bilan que l'on écrit : la même mesure à
--   l'arrêté montré, la période avancée d'autant d'années que cet arrêté est après le bilan. Le bilan
--   est le plus récent, ou celui de set variable bilan.
-- colonne Imprimé: Les chiffres que la phrase imprime, chacun avec son libellé s'il y en a plusieurs.
-- colonne Données du bilan: Les mêmes, calculés à leur arrêté.
-- colonne verdict: conforme, ou les verdicts de ceux qui ne le sont pas.
-- colonne À écrire: Les mêmes, pour le bilan que l'on écrit ; « à date » si l'évolution d'une année en cours est prise au même mois, « ? » si rien ne les donne encore.
-- colonne Périodes: Les périodes de ce qu'il y a à écrire.
-- colonne Maturité: La moins mûre : provisoire, récente, ou vide si toutes sont consolidées.
-- colonne Livraisons: Livraisons reçues sur celles attendues pour ces périodes, et celles qui manquent.
-- colonne arrete: Arrêté de ce qu'il y a à écrire, AAAA-MM.

with chiffres as (
    select
        c.*,
        r.valeur_calculee,
        r.verdict,
        c.rowid as rang,
        case
            when c.periode = 'cumul' then c.periode
            else
                cast(cast(left(c.periode, 4) as integer) + d.annees as varchar)
                || case length(c.periode)
                    when 9 then '-' || cast(cast(right(c.periode, 4) as integer) + d.annees as varchar)
                    else substr(c.periode, 5)
                end
        end as suivante
    from referentiel.chiffres_publies as c
    join rapprochement.chiffres as r on c.chiffre = r.chiffre
    join (
        select bilan, year(jour_arrete()) - annee as annees from referentiel.bilans
    ) as d on c.bilan = d.bilan
    where c.bilan = bilan_choisi()
),

lues as materialized (
    select l.*
    from indicateurs.lisible as l
    semi join chiffres as c on l.indicateur = c.indicateur and l.periode = c.suivante
),

departements as (
    select
        indicateur,
        periode,
        ventilation,
        modalite,
        min(valeur) as minimum,
        max(valeur) as maximum
    from lues
    where maille = 'departement'
    group by all
),

suivis as (
    select
        c.*,
        case c.mesure
            when 'cible' then k.valeur_cible
            when 'minimum_departemental' then d.minimum
            when 'maximum_departemental' then d.maximum
            when 'evolution' then coalesce(l.evolution, l.evolution_a_date)
            when 'multiplicateur'
                then coalesce(l.multiplicateur, l.valeur / nullif(l.precedente_a_date, 0))
            when 'ecart' then coalesce(l.ecart, l.ecart_a_date)
            else mesuree(c.mesure, l)
        end as a_ecrire,
        c.mesure in ('evolution', 'multiplicateur', 'ecart')
        and l.evolution is null
        and l.precedente_a_date is not null as a_date,
        if(c.mesure = 'cible', null, l.maturite) as maturite,
        if(
            c.mesure = 'cible',
            '',
            affiche_livraisons(
                l.livraisons_attendues, l.livraisons_recues, l.livraisons_manquantes
            )
        ) as livraisons
    from chiffres as c
    left join lues as l
        on
            c.indicateur = l.indicateur
            and c.territoire = l.territoire
            and c.suivante = l.periode
            and c.ventilation = l.ventilation
            and c.modalite = l.modalite
    left join departements as d
        on
            c.indicateur = d.indicateur
            and c.suivante = d.periode
            and c.ventilation = d.ventilation
            and c.modalite = d.modalite
    left join referentiel.cibles as k
        on
            c.indicateur = k.indicateur
            and c.territoire = k.territoire
            and c.suivante = k.periode
            and c.ventilation = k.ventilation
            and c.modalite = k.modalite
),

-- A figure three times, said in the same way each time.
nombres as (
    select
        s.ligne,
        s.citation,
        s.rang,
        -- A label may name its year, and the one before.
        case
            when x.sorte < 3 then s.libelle
            when length(s.periode) = 4
                then replace(
                    replace(s.libelle, s.periode, s.suivante),
                    cast(cast(s.periode as integer) - 1 as varchar),
                    cast(cast(s.suivante as integer) - 1 as varchar)
                )
            else replace(s.libelle, s.periode, s.suivante)
        end as libelle,
        s.mesure,
        s.unite,
        s.decimales,
        x.sorte,
        case x.sorte when 1 then s.valeur when 2 then s.valeur_calculee else s.a_ecrire end
            as nombre,
        if(x.sorte = 1 and s.operateur <> '=', s.operateur || ' ', '') as avant,
        if(x.sorte = 3 and s.a_date, ' à date', '') as apres,
        count(*) over (partition by s.ligne, s.citation, x.sorte) as ensemble
    from suivis as s
    cross join unnest([1, 2, 3]) as x(sorte)
),

phrases as (
    select
        ligne,
        citation,
        sorte,
        string_agg(
            if(ensemble > 1, libelle || ' : ', '')
            || coalesce(
                avant
                || case
                    when mesure = 'multiplicateur' then '× '
                    when mesure not in ('evolution', 'ecart') then ''
                    when nombre < 0 then '- '
                    else '+ '
                end
                || case
                    when mesure = 'multiplicateur' and sorte > 1
                        then regexp_replace(en_francais(nombre, 2), ',?0+$', '')
                    when mesure in ('evolution', 'ecart') then en_francais(abs(nombre), decimales)
                    else en_francais(nombre, decimales)
                end
                || case
                    when mesure = 'multiplicateur' then ''
                    else coalesce(' ' || unite, '')
                end
                || apres,
                '?'
            ),
            ' · ' order by rang
        ) as texte
    from nombres
    group by all
)

select
    s.ligne,
    s.citation,
    max(p.texte) filter (p.sorte = 1) as "Imprimé",
    max(p.texte) filter (p.sorte = 2) as "Données du bilan",
    coalesce(
        string_agg(distinct s.verdict, ', ' order by s.verdict) filter (s.verdict <> 'conforme'),
        'conforme'
    ) as verdict,
    max(p.texte) filter (p.sorte = 3) as "À écrire",
    string_agg(distinct s.suivante, ', ' order by s.suivante) as "Périodes",
    affiche_maturite(
        case
            when bool_or(s.maturite = 'provisoire') then 'provisoire'
            when bool_or(s.maturite = 'recente') then 'recente'
        end
    ) as "Maturité",
    string_agg(distinct s.livraisons, ' ; ' order by s.livraisons) filter (s.livraisons <> '')
        as "Livraisons",
    min(s.objectif) as objectif,
    s.bilan,
    arrete() as arrete
from suivis as s
join phrases as p on s.ligne = p.ligne and s.citation = p.citation
group by s.ligne, s.citation, s.bilan
order by s.ligne, min(s.rang)
