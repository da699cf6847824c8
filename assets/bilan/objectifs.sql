-- titre: Tous les objectifs
-- objet: Chaque indicateur dans l'ordre du bilan : la région, son évolution, sa cible, et le détail
--   par territoire. Les autres listes en sont des extraits. Les mois et les modalités à zéro
--   n'y sont pas.
-- colonne titre: Titre de l'indicateur.
-- colonne dont: Ventilation et modalité ; vide pour l'ensemble.
-- colonne Région: Valeur de la région.
-- colonne Un an plus tôt: Valeur de la même période un an plus tôt ; vide si la période est provisoire.
-- colonne Évolution: Évolution en % depuis la même période un an plus tôt ; vide si la période est provisoire.
-- colonne Cible: Cible de la région.
-- colonne % de la cible: Valeur rapportée à la cible.
-- colonne Détail: Valeurs des départements, ou des académies, dans l'ordre du référentiel.
-- colonne France: Valeur nationale que donne le bilan.

with imprimes as (
    select indicateur, min(ligne) as ligne
    from referentiel.chiffres_publies
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
    i.objectif,
    i.titre,
    case v.ventilation
        when 'total' then ''
        else replace(v.ventilation, '_', ' ') || ' : ' || replace(v.modalite, '_', ' ')
    end as dont,
    v.periode,
    affiche(v.valeur, i.unite) as "Région",
    affiche(v.valeur - v.ecart, i.unite) as "Un an plus tôt",
    affiche_evolution(v.evolution) as "Évolution",
    affiche(v.valeur_cible, i.unite) as "Cible",
    affiche(v.taux_cible, '%') as "% de la cible",
    p.detail as "Détail",
    p.france as "France",
    v.provisoire,
    v.indicateur,
    v.arrete
from indicateurs.valeurs as v
join referentiel.territoires as t on v.territoire = t.territoire and t.maille = 'region'
join referentiel.indicateurs as i on v.indicateur = i.indicateur
left join details as p
    on
        v.indicateur = p.indicateur
        and v.periode = p.periode
        and v.ventilation = p.ventilation
        and v.modalite = p.modalite
left join imprimes as c on v.indicateur = c.indicateur
where
    v.arrete = arrete()
    and v.type_periode <> 'mois'
    and (v.ventilation = 'total' or v.valeur <> 0)
order by
    i.objectif nulls last,
    c.ligne nulls last,
    i.titre,
    v.type_periode,
    v.periode,
    v.ventilation <> 'total',
    v.ventilation,
    v.modalite = 'non_renseigne',
    v.modalite
