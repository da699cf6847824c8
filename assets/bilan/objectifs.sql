-- titre: Tous les objectifs
-- objet: Chaque indicateur dans l'ordre du bilan : la région, son évolution, sa cible, et le détail
--   par territoire. Les autres listes en sont des extraits. Les mois et les modalités à zéro
--   n'y sont pas.
-- colonne rubrique: Liste du bilan où est l'indicateur ; celle de son objectif, sauf pour oepre, et conclusion s'il n'est d'aucun objectif.
-- colonne titre: Titre de l'indicateur.
-- colonne dont: Ventilation et modalité ; vide pour l'ensemble.
-- colonne Région: Valeur de la région.
-- colonne Maturité: provisoire (la période n'est pas finie), récente (elle peut encore bouger) ; vide si elle est consolidée.
-- colonne Un an plus tôt: Valeur de la même période un an plus tôt ; vide si la période est provisoire.
-- colonne Évolution: Changement depuis la même période un an plus tôt, en points pour un taux ; vide si la période est provisoire.
-- colonne Un an plus tôt à date: Année en cours : valeur de l'année précédente, comptée jusqu'au même mois.
-- colonne Évolution à date: Année en cours : changement depuis l'année précédente au même mois, en points pour un taux.
-- colonne Cible: Cible de la région.
-- colonne % de la cible: Valeur rapportée à la cible.
-- colonne Détail: Valeurs des départements, ou des académies, dans l'ordre du référentiel.
-- colonne France: Valeur nationale que donne le bilan.
-- colonne Livraisons: Livraisons reçues sur celles attendues pour la période, et celles qui manquent.

with imprimes as (
    select indicateur, min(ligne) as ligne
    from referentiel.chiffres_publies
    where bilan = bilan_choisi()
    group by all
),

details as (
    select
        v.indicateur,
        v.periode,
        v.ventilation,
        v.modalite,
        string_agg(t.libelle || ' ' || affiche(v.valeur, i.unite), ' · ' order by t.rowid)
            filter (t.maille in ('departement', 'academie')) as detail,
        max(affiche(v.valeur, i.unite)) filter (t.maille = 'national') as france
    from indicateurs.valeurs as v
    join referentiel.territoires as t using (territoire)
    join referentiel.indicateurs as i using (indicateur)
    where v.arrete = arrete() and v.type_periode <> 'mois'
    group by all
)

select
    case
        when i.extrait = 'rectorat/oepre' then 'oepre'
        when l.objectif is null then 'conclusion'
        else o.rubrique
    end as rubrique,
    l.objectif,
    l.titre,
    case l.ventilation
        when 'total' then ''
        else l.libelle_ventilation || ' : ' || l.libelle_modalite
    end as dont,
    l.periode,
    affiche(l.valeur, l.unite) as "Région",
    l.unite,
    affiche_maturite(l.maturite) as "Maturité",
    affiche(l.valeur - l.ecart, l.unite) as "Un an plus tôt",
    affiche_changement(l.evolution, l.ecart, l.unite) as "Évolution",
    affiche(l.precedente_a_date, l.unite) as "Un an plus tôt à date",
    affiche_changement(l.evolution_a_date, l.ecart_a_date, l.unite) as "Évolution à date",
    affiche(l.valeur_cible, l.unite) as "Cible",
    affiche(l.taux_cible, '%') as "% de la cible",
    p.detail as "Détail",
    p.france as "France",
    affiche_livraisons(l.livraisons_attendues, l.livraisons_recues, l.livraisons_manquantes)
        as "Livraisons",
    l.titre_objectif,
    l.provisoire,
    l.indicateur,
    l.arrete
from indicateurs.lisible as l
join referentiel.indicateurs as i on l.indicateur = i.indicateur
left join referentiel.objectifs as o on l.objectif = o.objectif
left join details as p
    on
        l.indicateur = p.indicateur
        and l.periode = p.periode
        and l.ventilation = p.ventilation
        and l.modalite = p.modalite
left join imprimes as c on l.indicateur = c.indicateur
where
    l.maille = 'region'
    and l.type_periode <> 'mois'
    and (l.ventilation = 'total' or l.valeur <> 0)
order by
    l.objectif nulls last,
    c.ligne nulls last,
    l.titre,
    l.type_periode,
    l.periode,
    l.ventilation <> 'total',
    l.ventilation,
    l.ordre_modalite,
    l.modalite
