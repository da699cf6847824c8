-- titre: Orientations par priorité
-- objet: Où en est chaque orientation, dans l'ordre du bilan : la région, puis les départements de
--   celles qui leur sont fixées.
-- colonne territoire: Nom du territoire.
-- colonne Départ: Valeur de l'indicateur à la date du bilan.
-- colonne Actuel: Valeur de l'année de l'arrêté.
-- colonne Cible: Valeur à atteindre.
-- colonne Atteinte: Valeur actuelle rapportée à la cible.
-- colonne Avancement: Chemin parcouru du départ à la cible, ou déclaré par le service.

select
    p.priorite,
    a.objectif,
    a.orientation,
    t.libelle as territoire,
    a.statut,
    affiche(a.valeur_initiale, i.unite) as "Départ",
    affiche(a.valeur_actuelle, i.unite) as "Actuel",
    affiche(a.valeur_cible, i.unite) as "Cible",
    affiche(a.taux_atteinte, '%') as "Atteinte",
    affiche(a.taux_avancement, '%') as "Avancement",
    a.echeance,
    a.en_retard,
    a.responsable,
    o.texte,
    p.titre_priorite,
    a.arrete
from orientations.avancement as a
join referentiel.orientations as o on a.orientation = o.orientation
join referentiel.territoires as t on a.territoire = t.territoire
left join referentiel.indicateurs as i on a.indicateur = i.indicateur
left join referentiel.objectifs as p on a.objectif = p.objectif
where a.arrete = arrete()
order by p.priorite nulls last, a.objectif, o.ligne, a.orientation, t.maille <> 'region', t.rowid
