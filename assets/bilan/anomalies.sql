-- titre: Ce qui ne va pas dans les chiffres imprimés
-- objet: Les chiffres du bilan dont le verdict n'est pas conforme, chacun à l'arrêté auquel il est lu,
--   et les relations entre chiffres imprimés qui ne tiennent pas, l'écart le plus grand d'abord. Le
--   bilan est le plus récent, ou celui de set variable bilan.
-- colonne genre: chiffre (imprimé, comparé aux données) ou relation (entre chiffres imprimés).
-- colonne ligne: Ligne du bilan imprimé ; la première, pour une relation.
-- colonne lignes: Toutes ses lignes.
-- colonne libelle: Ce que dit le chiffre, ou la relation ; entre parenthèses, le chiffre qu'elle éprouve.
-- colonne Imprimé: Valeur imprimée, avec ses décimales ; pour une relation, son premier membre.
-- colonne Calculé: Valeur calculée, à deux décimales au plus ; pour une relation, l'autre membre.
-- colonne Écart: Calculé moins imprimé, en points pour un taux.
-- colonne Écart relatif: Écart rapporté à la valeur imprimée ; vide si elle est nulle.
-- colonne verdict: explique, proche, inexplique ou non_calculable pour un chiffre ; ne_tient_pas pour une relation.
-- colonne explication: Explication de l'écart.
-- colonne citation: Texte imprimé ; pour une relation, celui de son premier membre.
-- colonne chiffre: Identifiant du chiffre, ou de la relation.
-- colonne bilan: Bilan qui l'imprime.
-- colonne arrete: Arrêté auquel le chiffre est lu ; vide pour une relation, qui ne dépend pas des données.

-- The figures on the left of a relation; `seul` where there is nothing else.
with membres as (
    select
        r.coherence,
        c.*,
        trim(split_part(r.relation, '=', 1)) = c.chiffre as seul
    from rapprochement.coherences as r
    join referentiel.chiffres_publies as c
        on
            r.bilan = c.bilan
            and list_contains(
                regexp_extract_all(split_part(r.relation, '=', 1), '[A-Za-z_][A-Za-z0-9_]*'),
                c.chiffre
            )
),

gauches as (
    select
        coherence,
        string_agg(distinct citation, ' / ' order by citation) as citation,
        min(objectif) as objectif,
        max(libelle) filter (seul) as libelle,
        max(decimales) filter (seul) as decimales,
        if(count(distinct unite) = 1, max(unite), null) as unite
    from membres
    group by all
),

anomalies as (
    select
        'chiffre' as genre,
        ligne,
        cast(ligne as varchar) as lignes,
        libelle,
        case operateur when '=' then '' else operateur || ' ' end as operateur,
        valeur as imprime,
        decimales,
        valeur_calculee as calcule,
        ecart,
        unite,
        verdict,
        explication,
        citation,
        objectif,
        chiffre,
        bilan,
        arrete
    from rapprochement.chiffres
    where verdict <> 'conforme'
    union all
    select
        'relation' as genre,
        try_cast(split_part(r.lignes, '|', 1) as integer) as ligne,
        replace(r.lignes, '|', ', ') as lignes,
        r.titre || coalesce(' (' || g.libelle || ')', '') as libelle,
        '' as operateur,
        r.gauche as imprime,
        coalesce(g.decimales, 0) as decimales,
        r.droite as calcule,
        r.droite - r.gauche as ecart,
        g.unite,
        'ne_tient_pas' as verdict,
        r.explication,
        g.citation,
        g.objectif,
        r.coherence as chiffre,
        r.bilan,
        null as arrete
    from rapprochement.coherences as r
    left join gauches as g on r.coherence = g.coherence
    where not r.tient
)

select
    genre,
    ligne,
    lignes,
    libelle,
    operateur || en_francais(imprime, decimales) || if(unite = '%', ' %', '') as "Imprimé",
    regexp_replace(en_francais(calcule, 2), ',00$', '') || if(unite = '%', ' %', '') as "Calculé",
    case when ecart < 0 then '- ' else '+ ' end
    || regexp_replace(en_francais(abs(ecart), 2), ',00$', '')
    || case
        when unite is distinct from '%' then ''
        when abs(arrondi(ecart, 2)) >= 2 then ' points'
        else ' point'
    end as "Écart",
    regexp_replace(en_francais(100 * abs(ecart) / nullif(abs(imprime), 0), 2), ',00$', '') || ' %'
        as "Écart relatif",
    verdict,
    explication,
    citation,
    objectif,
    chiffre,
    bilan,
    arrete
from anomalies
where bilan = bilan_choisi()
order by
    ecart is null,
    abs(ecart / nullif(imprime, 0)) desc nulls first,
    ligne,
    genre,
    chiffre
