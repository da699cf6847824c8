-- titre: Fiche d'un département
-- objet: Tous les indicateurs de chaque département à côté de la région, à leur dernière période
--   close, avec son rang. S'emploie avec un filtre, where departement = '…'.
-- colonne departement: Nom du département.
-- colonne titre: Titre de l'indicateur.
-- colonne periode: Dernière période close à l'arrêté.
-- colonne Valeur: Valeur du département.
-- colonne Région: Valeur de la région.
-- colonne Évolution: Évolution du département depuis la même période un an plus tôt.
-- colonne Rang: Rang parmi les départements, 1 le meilleur dans le sens de l'indicateur.

with imprimes as (
    select indicateur, min(ligne) as ligne
    from referentiel.chiffres_publies
    group by all
),

closes as (
    select v.*
    from indicateurs.valeurs as v
    where
        v.arrete = arrete()
        and v.ventilation = 'total'
        and v.type_periode in ('annee', 'annee_scolaire')
        and not v.provisoire
),

dernieres as (
    select indicateur, max(periode) as periode
    from closes
    group by all
)

select
    t.libelle as departement,
    i.objectif,
    i.titre,
    v.periode,
    affiche(v.valeur, i.unite) as "Valeur",
    affiche(r.valeur, i.unite) as "Région",
    affiche_evolution(v.evolution) as "Évolution",
    v.rang as "Rang",
    i.unite,
    v.indicateur,
    v.arrete
from closes as v
semi join dernieres as d on v.indicateur = d.indicateur and v.periode = d.periode
join referentiel.territoires as t on v.territoire = t.territoire and t.maille = 'departement'
join closes as r on v.indicateur = r.indicateur and v.periode = r.periode
join referentiel.territoires as g on r.territoire = g.territoire and g.maille = 'region'
join referentiel.indicateurs as i on v.indicateur = i.indicateur
left join imprimes as c on v.indicateur = c.indicateur
order by t.rowid, i.objectif nulls last, c.ligne nulls last, i.titre
