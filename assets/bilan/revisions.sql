-- titre: Révisions
-- objet: Chaque valeur qui a changé entre deux arrêtés publiés consécutifs pour une même période
--   close, et les livraisons qui ont pu la changer. Les cumuls, jamais clos, n'y sont pas.
-- colonne titre: Titre de l'indicateur.
-- colonne nom_territoire: Nom du territoire.
-- colonne Maturité: Au nouvel arrêté : récente si la période peut encore bouger ; vide si elle est consolidée.
-- colonne arrete_avant: Arrêté qui donnait l'ancienne valeur.
-- colonne arrete_apres: Arrêté suivant, qui donne la nouvelle.
-- colonne valeur_avant: Valeur à l'ancien arrêté, sans arrondi.
-- colonne valeur_apres: Valeur au nouvel arrêté, sans arrondi.
-- colonne ecart: Nouvelle valeur moins ancienne.
-- colonne livraisons: Fichiers acceptés de son extrait, livrés après l'ancien arrêté et jusqu'au
--   nouveau.

with suivies as (
    select
        *,
        lag(arrete) over suite as arrete_avant,
        lag(valeur) over suite as valeur_avant,
        lag(provisoire) over suite as provisoire_avant
    from indicateurs.valeurs
    where type_periode <> 'cumul'
    window
        suite as (
            partition by indicateur, territoire, periode, ventilation, modalite
            order by arrete
        )
),

revisees as (
    select
        s.* exclude (arrete, valeur, ecart),
        s.arrete as arrete_apres,
        s.valeur as valeur_apres,
        s.valeur - s.valeur_avant as ecart,
        i.titre,
        i.unite,
        i.extrait,
        t.libelle as nom_territoire
    from suivies as s
    join referentiel.indicateurs as i on s.indicateur = i.indicateur
    join referentiel.territoires as t on s.territoire = t.territoire
    where
        s.arrete_avant is not null
        and not s.provisoire_avant
        and s.valeur is distinct from s.valeur_avant
),

-- In words, where the arrêté that is read has the modality.
mots as (
    select distinct ventilation, modalite, indicateur, libelle_ventilation, libelle_modalite
    from indicateurs.lisible
),

livrees as (
    select
        r.extrait,
        r.arrete_avant,
        r.arrete_apres,
        list(l.fichier order by l.mois_livraison, l.fichier) as livraisons
    from (select distinct extrait, arrete_avant, arrete_apres from revisees) as r
    join qualite.livraisons as l
        on
            l.source || '/' || l.extrait = r.extrait
            and l.statut = 'acceptee'
            and l.mois_livraison > r.arrete_avant
            and l.mois_livraison <= r.arrete_apres
    group by all
)

select
    r.indicateur,
    r.titre,
    r.territoire,
    r.nom_territoire,
    r.periode,
    r.ventilation,
    r.modalite,
    coalesce(m.libelle_ventilation, r.ventilation) as libelle_ventilation,
    coalesce(m.libelle_modalite, r.modalite) as libelle_modalite,
    r.unite,
    affiche_maturite(r.maturite) as "Maturité",
    r.arrete_avant,
    r.arrete_apres,
    r.valeur_avant,
    r.valeur_apres,
    r.ecart,
    coalesce(l.livraisons, []) as livraisons
from revisees as r
left join livrees as l using (extrait, arrete_avant, arrete_apres)
left join mots as m
    on
        r.indicateur = m.indicateur
        and r.ventilation = m.ventilation
        and r.modalite = m.modalite
order by
    r.arrete_apres, r.indicateur, r.periode, r.territoire, r.ventilation <> 'total', r.ventilation,
    r.modalite
