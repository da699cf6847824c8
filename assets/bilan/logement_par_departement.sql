-- titre: Logement par département (objectif 16)
-- objet: Logements mobilisés et attributions depuis l'hébergement généraliste, année par année ; le
--   total de la région est la dernière ligne de chaque année.
-- colonne annee: Année.
-- colonne departement: Nom du département, ou de la région pour le total.
-- colonne Logements mobilisés: Logements mobilisés pour les réfugiés.
-- colonne Rang: Rang du département par le nombre de logements mobilisés.
-- colonne % de la cible: Logements mobilisés rapportés à la cible.
-- colonne Attributions: Attributions de logements sociaux depuis l'hébergement généraliste.
-- colonne Évolution: Évolution des attributions en un an.

select
    v.periode as annee,
    if(t.maille = 'region', 'Total ', '') || t.libelle as departement,
    cast(max(v.valeur) filter (v.indicateur = 'logements_mobilises') as bigint)
        as "Logements mobilisés",
    max(v.rang) filter (v.indicateur = 'logements_mobilises') as "Rang",
    affiche(max(v.taux_cible) filter (v.indicateur = 'logements_mobilises'), '%')
        as "% de la cible",
    cast(max(v.valeur) filter (v.indicateur = 'attributions_hebergement_generaliste') as bigint)
        as "Attributions",
    affiche_evolution(
        max(v.evolution) filter (v.indicateur = 'attributions_hebergement_generaliste')
    ) as "Évolution",
    bool_or(v.provisoire) as provisoire,
    v.arrete
from indicateurs.valeurs as v
join referentiel.territoires as t using (territoire)
where
    v.indicateur in ('logements_mobilises', 'attributions_hebergement_generaliste')
    and v.ventilation = 'total'
    and v.type_periode = 'annee'
    and v.arrete = arrete()
    and t.maille in ('departement', 'region')
group by v.periode, t.maille, t.libelle, t.rowid, v.arrete
order by v.periode, t.maille = 'region', t.rowid
