-- titre: Projets d'intégration financés (conclusion)
-- objet: Le tableau final du bilan, année par année : les départements dans son ordre, puis le total.
-- colonne annee: Exercice.
-- colonne departement: Nom du département, ou de la région pour le total.
-- colonne Projets financés: Nombre de projets financés, abandons exclus.
-- colonne Bénéficiaires (cible): Nombre total de bénéficiaires, valeur cible.
-- colonne Bénéficiaires (réalisé): Nombre total de bénéficiaires, réalisé.
-- colonne Réalisé / objectifs: Résultats effectifs rapportés aux objectifs des porteurs, projets où
--   les deux sont renseignés.
-- colonne Maturité: provisoire (l'exercice n'est pas fini), récente (il peut encore bouger) ; vide s'il est consolidé.
-- colonne Livraisons: Livraisons reçues sur celles attendues pour l'exercice, et celles qui manquent.

select
    l.periode as annee,
    if(l.maille = 'region', 'Total ', '') || l.nom_territoire as departement,
    cast(max(l.valeur) filter (l.indicateur = 'projets_finances') as bigint) as "Projets financés",
    cast(max(l.valeur) filter (l.indicateur = 'projets_beneficiaires_prevus') as bigint)
        as "Bénéficiaires (cible)",
    cast(max(l.valeur) filter (l.indicateur = 'projets_beneficiaires_realises') as bigint)
        as "Bénéficiaires (réalisé)",
    en_francais(max(l.valeur) filter (l.indicateur = 'projets_taux_realisation'), 2) || ' %'
        as "Réalisé / objectifs",
    affiche_maturite(
        case
            when bool_or(l.maturite = 'provisoire') then 'provisoire'
            when bool_or(l.maturite = 'recente') then 'recente'
        end
    ) as "Maturité",
    affiche_livraisons(
        max(l.livraisons_attendues), max(l.livraisons_recues), max(l.livraisons_manquantes)
    ) as "Livraisons",
    bool_or(l.provisoire) as provisoire,
    l.arrete
from indicateurs.lisible as l
join referentiel.territoires as t on l.territoire = t.territoire
left join (
    select territoire, min(ligne) as ligne
    from referentiel.chiffres_publies
    where indicateur = 'projets_finances' and bilan = bilan_choisi()
    group by all
) as c on l.territoire = c.territoire
where
    l.indicateur in (
        'projets_finances',
        'projets_beneficiaires_prevus',
        'projets_beneficiaires_realises',
        'projets_taux_realisation'
    )
    and l.ventilation = 'total'
    and l.maille in ('departement', 'region')
group by l.periode, l.maille, l.nom_territoire, t.rowid, c.ligne, l.arrete
order by l.periode, l.maille = 'region', c.ligne nulls last, t.rowid
