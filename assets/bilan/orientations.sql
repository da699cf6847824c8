-- titre: Orientations par priorité, puis pistes
-- objet: Où en est chaque orientation du bilan, dans son ordre : la région, puis les départements de
--   celles qui leur sont fixées. Les pistes, que le bilan envisage sans les fixer, viennent ensuite.
--   Le bilan est le plus récent, ou celui de set variable bilan.
-- colonne territoire: Nom du territoire.
-- colonne État: Le statut, en toutes lettres.
-- colonne Départ: Valeur de l'indicateur à la date du bilan.
-- colonne Actuel: Valeur dans la période suivie.
-- colonne Maturité: provisoire (la période suivie n'est pas finie), récente (elle peut encore bouger) ; vide si elle est consolidée, ou sans période.
-- colonne Évolution: Changement depuis la période précédente, en points pour un taux ; vide si la période suivie est provisoire.
-- colonne Évolution à date: Année en cours : changement depuis l'année précédente au même mois, en points pour un taux.
-- colonne Cible: Valeur à atteindre.
-- colonne Atteinte: Valeur actuelle rapportée à la cible.
-- colonne Avancement: Chemin parcouru du départ à la cible, ou déclaré par le service.
-- colonne Retard: « en retard » si l'échéance est passée.
-- colonne Livraisons: Livraisons reçues sur celles attendues pour la période suivie, et celles qui manquent.

select
    a.genre,
    p.priorite,
    a.objectif,
    a.orientation,
    t.libelle as territoire,
    a.statut,
    coalesce(
        c.libelle, if(a.statut = 'NON_RENSEIGNE', 'Non renseigné', a.statut)
    ) as "État",
    a.periode,
    affiche(a.valeur_initiale, i.unite) as "Départ",
    affiche(a.valeur_actuelle, i.unite) as "Actuel",
    affiche(a.valeur_cible, i.unite) as "Cible",
    i.unite,
    affiche_maturite(l.maturite) as "Maturité",
    affiche_changement(l.evolution, l.ecart, l.unite) as "Évolution",
    affiche_changement(l.evolution_a_date, l.ecart_a_date, l.unite) as "Évolution à date",
    affiche(a.taux_atteinte, '%') as "Atteinte",
    affiche(a.taux_avancement, '%') as "Avancement",
    a.echeance,
    a.en_retard,
    if(a.en_retard, 'en retard', '') as "Retard",
    affiche_livraisons(l.livraisons_attendues, l.livraisons_recues, l.livraisons_manquantes)
        as "Livraisons",
    a.responsable,
    o.texte,
    p.titre as titre_objectif,
    p.titre_priorite,
    a.bilan,
    a.arrete
from orientations.avancement as a
join referentiel.orientations as o on a.orientation = o.orientation
join referentiel.territoires as t on a.territoire = t.territoire
left join referentiel.indicateurs as i on a.indicateur = i.indicateur
left join referentiel.objectifs as p on a.objectif = p.objectif
left join referentiel.codes as c on c.liste = 'statut_orientation' and c.code = a.statut
left join indicateurs.lisible as l
    on
        l.indicateur = a.indicateur
        and l.territoire = a.territoire
        and l.periode = a.periode
        and l.ventilation = o.ventilation
        and l.modalite = o.modalite
where a.arrete = arrete() and a.bilan = bilan_choisi()
order by
    a.genre <> 'orientation',
    p.priorite nulls last,
    a.objectif,
    o.ligne,
    a.orientation,
    t.maille <> 'region',
    t.rowid
