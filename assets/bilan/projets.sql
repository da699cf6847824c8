-- titre: Projets d'intégration financés (conclusion)
-- objet: Le tableau final du bilan, année par année : les départements dans son ordre, puis le total.
-- colonne annee: Exercice.
-- colonne departement: Nom du département, ou de la région pour le total.
-- colonne Projets financés: Nombre de projets financés, abandons exclus.
-- colonne Bénéficiaires (cible): Nombre total de bénéficiaires, valeur cible.
-- colonne Bénéficiaires (réalisé): Nombre total de bénéficiaires, réalisé.
-- colonne Réalisé / objectifs: Résultats effectifs rapportés aux objectifs des porteurs, projets où
--   les deux sont renseignés.

select
    v.periode as annee,
    if(t.maille = 'region', 'Total ', '') || t.libelle as departement,
    cast(max(v.valeur) filter (v.indicateur = 'projets_finances') as bigint) as "Projets financés",
    cast(max(v.valeur) filter (v.indicateur = 'projets_beneficiaires_prevus') as bigint)
        as "Bénéficiaires (cible)",
    cast(max(v.valeur) filter (v.indicateur = 'projets_beneficiaires_realises') as bigint)
        as "Bénéficiaires (réalisé)",
    en_francais(max(v.valeur) filter (v.indicateur = 'projets_taux_realisation'), 2) || ' %'
        as "Réalisé / objectifs",
    bool_or(v.provisoire) as provisoire,
    v.arrete
from indicateurs.valeurs as v
join referentiel.territoires as t using (territoire)
left join (
    select territoire, min(ligne) as ligne
    from referentiel.chiffres_publies
    where indicateur = 'projets_finances'
    group by all
) as c using (territoire)
where
    v.indicateur in (
        'projets_finances',
        'projets_beneficiaires_prevus',
        'projets_beneficiaires_realises',
        'projets_taux_realisation'
    )
    and v.ventilation = 'total'
    and v.arrete = arrete()
    and t.maille in ('departement', 'region')
group by v.periode, t.maille, t.libelle, t.rowid, c.ligne, v.arrete
order by v.periode, t.maille = 'region', c.ligne nulls last, t.rowid
