-- titre: Signataires du contrat d'intégration républicaine
-- objet: Le tableau du bilan, année par année, pour la région.
-- colonne annee: Année de signature.
-- colonne rubrique: Rubrique du tableau.
-- colonne modalite: Ligne du tableau.
-- colonne Signataires: Nombre de signataires.
-- colonne %: Part parmi les signataires dont la rubrique est renseignée.
-- colonne Maturité: provisoire (l'année n'est pas finie), récente (elle peut encore bouger) ; vide si elle est consolidée.
-- colonne Évolution: Changement depuis l'année précédente ; en points pour le niveau A1. Vide pour une année en cours, et pour le niveau A1 tant qu'il n'est pas consolidé.
-- colonne Évolution à date: Année en cours : changement depuis l'année précédente au même mois.
-- colonne Livraisons: Livraisons reçues sur celles attendues pour l'année, et celles qui manquent.

with rubriques(ordre, rubrique, indicateur, ventilation, libelle) as (
    values
        (1, 'Ensemble', 'cir_signataires', 'total', 'Signataires du CIR'),
        (2, 'Sexe', 'cir_signataires', 'sexe', null),
        (3, 'Âge', 'cir_signataires', 'tranche_age', null),
        (4, 'Statut', 'cir_signataires', 'motif_admission', null),
        (5, 'Niveau', 'cir_taux_a1', 'total', 'Ayant atteint le niveau A1')
)

select
    l.periode as annee,
    r.rubrique,
    coalesce(r.libelle, l.libelle_modalite) as modalite,
    cast(l.numerateur as bigint) as "Signataires",
    case
        when l.unite = '%' then en_francais(l.valeur, 1)
        else en_francais(l.part, 0)
    end || ' %' as "%",
    affiche_maturite(l.maturite) as "Maturité",
    affiche_changement(l.evolution, l.ecart, l.unite) as "Évolution",
    affiche_changement(l.evolution_a_date, l.ecart_a_date, l.unite) as "Évolution à date",
    affiche_livraisons(l.livraisons_attendues, l.livraisons_recues, l.livraisons_manquantes)
        as "Livraisons",
    l.provisoire,
    l.arrete
from indicateurs.lisible as l
join rubriques as r on l.indicateur = r.indicateur and l.ventilation = r.ventilation
where l.maille = 'region' and l.type_periode = 'annee' and l.modalite <> 'non_renseigne'
order by l.periode, r.ordre, l.ordre_modalite, l.modalite
