-- titre: Fiche d'un département
-- objet: Tous les indicateurs de chaque département à côté de la région, à leur dernière période
--   close, avec son rang, puis la période en cours. S'emploie avec un filtre, where departement = '…'.
-- colonne departement: Nom du département.
-- colonne titre: Titre de l'indicateur.
-- colonne periode: Dernière période close à l'arrêté.
-- colonne Valeur: Valeur du département.
-- colonne Région: Valeur de la région.
-- colonne Maturité: récente si la période peut encore bouger ; vide si elle est consolidée.
-- colonne Évolution: Changement du département depuis la même période un an plus tôt, en points pour un taux.
-- colonne Rang: Rang parmi les départements, 1 le meilleur dans le sens de l'indicateur.
-- colonne Livraisons: Livraisons reçues sur celles attendues pour la période close, et celles qui manquent.
-- colonne Période en cours: Période provisoire à l'arrêté, s'il y en a une.
-- colonne Provisoire: Valeur du département dans la période en cours.
-- colonne Évolution à date: Changement du département depuis l'année précédente au même mois, en points pour un taux.
-- colonne Livraisons en cours: Livraisons reçues sur celles attendues pour la période en cours, et celles qui manquent.

with imprimes as (
    select indicateur, min(ligne) as ligne
    from referentiel.chiffres_publies
    where bilan = bilan_choisi()
    group by all
),

lues as materialized (
    select *
    from indicateurs.lisible
    where
        ventilation = 'total'
        and type_periode in ('annee', 'annee_scolaire')
        and maille in ('departement', 'region')
),

dernieres as (
    select indicateur, provisoire, max(periode) as periode
    from lues
    group by all
),

choisies as (
    select l.*
    from lues as l
    semi join dernieres as d
        on l.indicateur = d.indicateur and l.provisoire = d.provisoire and l.periode = d.periode
)

select
    v.nom_territoire as departement,
    v.objectif,
    v.titre,
    v.periode,
    affiche(v.valeur, v.unite) as "Valeur",
    affiche(r.valeur, v.unite) as "Région",
    affiche_maturite(v.maturite) as "Maturité",
    affiche_changement(v.evolution, v.ecart, v.unite) as "Évolution",
    v.rang as "Rang",
    v.unite,
    affiche_livraisons(v.livraisons_attendues, v.livraisons_recues, v.livraisons_manquantes)
        as "Livraisons",
    e.periode as "Période en cours",
    affiche(e.valeur, v.unite) as "Provisoire",
    affiche_changement(e.evolution_a_date, e.ecart_a_date, v.unite) as "Évolution à date",
    affiche_livraisons(e.livraisons_attendues, e.livraisons_recues, e.livraisons_manquantes)
        as "Livraisons en cours",
    v.titre_objectif,
    v.indicateur,
    v.arrete
from choisies as v
join choisies as r on v.indicateur = r.indicateur and r.maille = 'region' and not r.provisoire
left join choisies as e
    on v.indicateur = e.indicateur and v.territoire = e.territoire and e.provisoire
join referentiel.territoires as t on v.territoire = t.territoire
left join imprimes as c on v.indicateur = c.indicateur
where v.maille = 'departement' and not v.provisoire
order by t.rowid, v.objectif nulls last, c.ligne nulls last, v.titre
