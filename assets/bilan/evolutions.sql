-- titre: Évolutions par territoire
-- objet: Là où le bilan imprime une évolution ou un multiplicateur, ceux de chaque territoire, période
--   par période, à côté du chiffre imprimé. Le bilan est le plus récent, ou celui de set variable bilan.
-- colonne titre: Titre de l'indicateur.
-- colonne dont: Ventilation et modalité ; vide pour l'ensemble.
-- colonne territoire: Nom du territoire.
-- colonne Valeur: Valeur du territoire.
-- colonne Un an plus tôt: Valeur de la même période un an plus tôt ; vide si la période est provisoire.
-- colonne Évolution: Changement depuis la même période un an plus tôt, en points pour un taux ; vide si la période est provisoire.
-- colonne Multiplicateur: Valeur rapportée à celle de la même période un an plus tôt.
-- colonne Imprimé: Ce que le bilan imprime pour ce territoire et cette période.
-- colonne Maturité: provisoire (la période n'est pas finie), récente (elle peut encore bouger) ; vide si elle est consolidée.
-- colonne Un an plus tôt à date: Année en cours : valeur de l'année précédente, comptée jusqu'au même mois.
-- colonne Évolution à date: Année en cours : changement depuis l'année précédente au même mois, en points pour un taux.
-- colonne Livraisons: Livraisons reçues sur celles attendues pour la période, et celles qui manquent.

with imprimes as (
    select *
    from referentiel.chiffres_publies
    where bilan = bilan_choisi() and mesure in ('evolution', 'multiplicateur')
),

suivis as (
    select indicateur, ventilation, modalite, min(ligne) as ligne
    from imprimes
    group by all
),

dits as (
    select
        indicateur,
        territoire,
        periode,
        ventilation,
        modalite,
        string_agg(
            case operateur when '=' then '' else operateur || ' ' end
            || case mesure
                when 'multiplicateur' then '× ' || en_francais(valeur, decimales)
                else if(valeur < 0, '- ', '+ ') || en_francais(abs(valeur), decimales) || ' %'
            end,
            ' · ' order by chiffre
        ) as imprime
    from imprimes
    group by all
)

select
    l.objectif,
    l.titre,
    case l.ventilation
        when 'total' then ''
        else l.libelle_ventilation || ' : ' || l.libelle_modalite
    end as dont,
    l.periode,
    l.nom_territoire as territoire,
    affiche(l.valeur, l.unite) as "Valeur",
    l.unite,
    affiche(l.valeur - l.ecart, l.unite) as "Un an plus tôt",
    affiche_changement(l.evolution, l.ecart, l.unite) as "Évolution",
    '× ' || regexp_replace(en_francais(l.multiplicateur, 2), ',?0+$', '') as "Multiplicateur",
    d.imprime as "Imprimé",
    affiche_maturite(l.maturite) as "Maturité",
    affiche(l.precedente_a_date, l.unite) as "Un an plus tôt à date",
    affiche_changement(l.evolution_a_date, l.ecart_a_date, l.unite) as "Évolution à date",
    affiche_livraisons(l.livraisons_attendues, l.livraisons_recues, l.livraisons_manquantes)
        as "Livraisons",
    l.titre_objectif,
    l.provisoire,
    l.indicateur,
    l.arrete
from indicateurs.lisible as l
join suivis as s
    on
        l.indicateur = s.indicateur
        and l.ventilation = s.ventilation
        and l.modalite = s.modalite
join referentiel.territoires as t on l.territoire = t.territoire
left join dits as d
    on
        l.indicateur = d.indicateur
        and l.territoire = d.territoire
        and l.periode = d.periode
        and l.ventilation = d.ventilation
        and l.modalite = d.modalite
where l.type_periode in ('annee', 'annee_scolaire') and l.maille <> 'national'
order by s.ligne, l.titre, l.indicateur, l.modalite, l.periode, l.maille = 'region', t.rowid
