-- titre: Logement par département
-- objet: Logements mobilisés et attributions depuis l'hébergement généraliste, année par année ; le
--   total de la région est la dernière ligne de chaque année.
-- colonne annee: Année.
-- colonne departement: Nom du département, ou de la région pour le total.
-- colonne Logements mobilisés: Logements mobilisés pour les réfugiés.
-- colonne Rang: Rang du département par le nombre de logements mobilisés.
-- colonne % de la cible: Logements mobilisés rapportés à la cible.
-- colonne Attributions: Attributions de logements sociaux depuis l'hébergement généraliste.
-- colonne Évolution: Évolution des attributions en un an.
-- colonne Maturité: provisoire (l'année n'est pas finie), récente (elle peut encore bouger) ; vide si elle est consolidée.
-- colonne Mobilisés à date: Année en cours : changement des logements mobilisés depuis l'année précédente au même mois.
-- colonne Attributions à date: Année en cours : changement des attributions depuis l'année précédente au même mois.
-- colonne Livraisons: Livraisons des deux extraits reçues sur celles attendues pour l'année, et celles qui manquent.

select
    l.periode as annee,
    if(l.maille = 'region', 'Total ', '') || l.nom_territoire as departement,
    cast(max(l.valeur) filter (l.indicateur = 'logements_mobilises') as bigint)
        as "Logements mobilisés",
    max(l.rang) filter (l.indicateur = 'logements_mobilises') as "Rang",
    affiche(max(l.taux_cible) filter (l.indicateur = 'logements_mobilises'), '%')
        as "% de la cible",
    cast(max(l.valeur) filter (l.indicateur = 'attributions_hebergement_generaliste') as bigint)
        as "Attributions",
    affiche_evolution(
        max(l.evolution) filter (l.indicateur = 'attributions_hebergement_generaliste')
    ) as "Évolution",
    affiche_maturite(
        case
            when bool_or(l.maturite = 'provisoire') then 'provisoire'
            when bool_or(l.maturite = 'recente') then 'recente'
        end
    ) as "Maturité",
    affiche_evolution(max(l.evolution_a_date) filter (l.indicateur = 'logements_mobilises'))
        as "Mobilisés à date",
    affiche_evolution(
        max(l.evolution_a_date) filter (l.indicateur = 'attributions_hebergement_generaliste')
    ) as "Attributions à date",
    affiche_livraisons(
        sum(l.livraisons_attendues),
        sum(l.livraisons_recues),
        string_agg(l.livraisons_manquantes, ', ' order by l.indicateur)
    ) as "Livraisons",
    bool_or(l.provisoire) as provisoire,
    l.arrete
from indicateurs.lisible as l
join referentiel.territoires as t on l.territoire = t.territoire
where
    l.indicateur in ('logements_mobilises', 'attributions_hebergement_generaliste')
    and l.ventilation = 'total'
    and l.type_periode = 'annee'
    and l.maille in ('departement', 'region')
group by l.periode, l.maille, l.nom_territoire, t.rowid, l.arrete
order by l.periode, l.maille = 'region', t.rowid
