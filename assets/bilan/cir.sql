-- titre: Signataires du contrat d'intégration républicaine (objectif 5)
-- objet: Le tableau du bilan, année par année, pour la région.
-- colonne annee: Année de signature.
-- colonne rubrique: Rubrique du tableau.
-- colonne modalite: Ligne du tableau.
-- colonne Signataires: Nombre de signataires.
-- colonne %: Part parmi les signataires dont la rubrique est renseignée.

with tableau(rang, rubrique, libelle, indicateur, ventilation, modalite) as (
    values
        (1, 'Ensemble', 'Signataires du CIR', 'cir_signataires', 'total', 'total'),
        (2, 'Sexe', 'Hommes', 'cir_signataires', 'sexe', 'H'),
        (3, 'Sexe', 'Femmes', 'cir_signataires', 'sexe', 'F'),
        (4, 'Âge', 'Moins de 25 ans', 'cir_signataires', 'tranche_age', 'moins_25'),
        (5, 'Âge', 'Plus de 25 ans', 'cir_signataires', 'tranche_age', '25_et_plus'),
        (6, 'Statut', 'Économique', 'cir_signataires', 'motif_admission', 'ECO'),
        (7, 'Statut', 'Familial', 'cir_signataires', 'motif_admission', 'FAM'),
        (8, 'Statut', 'Autres', 'cir_signataires', 'motif_admission', 'AUT'),
        (9, 'Statut', 'Humanitaires', 'cir_signataires', 'motif_admission', 'HUM'),
        (10, 'Niveau', 'Ayant atteint le niveau A1', 'cir_taux_a1', 'total', 'total')
)

select
    v.periode as annee,
    l.rubrique,
    l.libelle as modalite,
    cast(v.numerateur as bigint) as "Signataires",
    case
        when l.rubrique = 'Niveau' then en_francais(v.valeur, 1)
        else en_francais(v.part, 0)
    end || ' %' as "%",
    v.provisoire,
    v.arrete
from indicateurs.valeurs as v
join referentiel.territoires as t on v.territoire = t.territoire and t.maille = 'region'
join tableau as l
    on
        v.indicateur = l.indicateur
        and v.ventilation = l.ventilation
        and v.modalite = l.modalite
where v.arrete = arrete() and v.type_periode = 'annee'
order by v.periode, l.rang
