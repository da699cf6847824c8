-- titre: Signataires du contrat d'intégration républicaine (objectif 5)
-- objet: Le tableau du bilan, année par année, pour la région.
-- colonne annee: Année de signature.
-- colonne rubrique: Rubrique du tableau.
-- colonne modalite: Ligne du tableau.
-- colonne Signataires: Nombre de signataires.
-- colonne %: Part parmi les signataires dont la rubrique est renseignée.

with rubriques(ordre, rubrique, indicateur, ventilation, libelle) as (
    values
        (1, 'Ensemble', 'cir_signataires', 'total', 'Signataires du CIR'),
        (2, 'Sexe', 'cir_signataires', 'sexe', null),
        (3, 'Âge', 'cir_signataires', 'tranche_age', null),
        (4, 'Statut', 'cir_signataires', 'motif_admission', null),
        (5, 'Niveau', 'cir_taux_a1', 'total', 'Ayant atteint le niveau A1')
),

tableau as (
    select
        r.ordre * 1000 + coalesce(c.ordre, 0) as rang,
        r.rubrique,
        coalesce(r.libelle, c.libelle) as libelle,
        r.indicateur,
        r.ventilation,
        coalesce(c.code, 'total') as modalite
    from rubriques as r
    left join referentiel.codes as c on r.ventilation = c.liste
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
