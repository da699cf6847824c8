-- titre: Les valeurs, pour être lues
-- objet: Toutes les valeurs de l'arrêté, avec leurs libellés, leurs dates, leur maturité et les
--   livraisons dont elles viennent : une ligne par indicateur, territoire, période et modalité. Faite
--   pour un tableur ou un graphique.
-- colonne titre_objectif: Titre de l'objectif.
-- colonne titre: Titre de l'indicateur.
-- colonne unite: Unité de la valeur.
-- colonne nom_territoire: Nom du territoire.
-- colonne libelle_ventilation: La ventilation, en toutes lettres ; Ensemble s'il n'y en a pas.
-- colonne libelle_modalite: La modalité, en toutes lettres.
-- colonne ordre_modalite: Rang de la modalité dans sa ventilation.
-- colonne livraisons_attendues: Livraisons de l'extrait attendues pour ce territoire et cette période, à l'arrêté ; vide s'il n'y en a pas.
-- colonne livraisons_recues: Celles qui étaient acceptées à l'arrêté.
-- colonne livraisons_manquantes: Celles qui ne l'étaient pas : la partie, et le mois attendu.

with ventilations(ventilation, libelle) as (
    values
        ('total', 'Ensemble'),
        ('sexe', 'Sexe'),
        ('tranche_age', 'Âge'),
        ('motif_admission', 'Motif d''admission'),
        ('bpi', 'Protection internationale'),
        ('niveau_initial', 'Niveau de langue initial'),
        ('visee_professionnelle', 'Visée professionnelle'),
        ('axe', 'Axe'),
        ('action', 'Action'),
        ('instance', 'Instance'),
        ('profil', 'Profil'),
        ('mode', 'Mode d''interprétariat'),
        ('orientation', 'Orientation'),
        ('outil', 'Outil'),
        ('parc', 'Parc'),
        ('filiere', 'Filière'),
        ('statut', 'Statut'),
        ('dispositif', 'Dispositif'),
        ('type_equipe', 'Type d''équipe'),
        ('type_outil', 'Type d''outil')
),

-- The list of codes behind a breakdown: that of the column, or the one of its name.
modalites as (
    select
        i.indicateur,
        v.ventilation,
        c.code as modalite,
        c.libelle,
        c.ordre
    from referentiel.indicateurs as i
    cross join unnest(string_split(i.ventilations, '|')) as v(ventilation)
    left join referentiel.extraits as e on i.extrait = e.extrait and v.ventilation = e.colonne
    join referentiel.codes as c on c.liste = coalesce(string_split(e.liste, ' ')[1], v.ventilation)
),

-- A delivery answers for the months since the period before its own; the first one, for all before.
suites as (
    select
        source,
        extrait,
        periode,
        lag(periode) over (partition by source, extrait order by periode) as precedente
    from (select distinct source, extrait, periode from qualite.attendus)
),

attendues as (
    select
        a.source || '/' || a.extrait as extrait,
        cast(cast(s.precedente || '-01' as date) + interval 1 month as date) as depuis,
        cast(a.periode || '-01' as date) as jusque,
        t.territoire,
        coalesce(t.libelle || ' ', '') || a.mois as nom,
        -- A file says in its name when it was delivered.
        coalesce(list_min(regexp_extract_all(a.recu, '/([0-9]{4}-[0-9]{2})', 1)) <= arrete(), false)
            as recue
    from qualite.attendus as a
    join suites as s using (source, extrait, periode)
    left join referentiel.territoires as t
        on t.maille in ('departement', 'academie') and lower(t.code) = lower(a.partie)
    where a.attendu and a.mois <= arrete()
),

-- What a value rests on: for the region, all the deliveries; for a territory, its own, its
-- academy's, and common ones.
couvertures as (
    select
        p.extrait,
        p.territoire,
        p.debut,
        p.fin,
        count(*) as livraisons_attendues,
        count(*) filter (a.recue) as livraisons_recues,
        string_agg(a.nom, ', ' order by a.nom) filter (not a.recue) as livraisons_manquantes
    from (
        select distinct i.extrait, v.territoire, t.maille, t.academie, v.debut, v.fin
        from indicateurs.valeurs as v
        join referentiel.indicateurs as i using (indicateur)
        join referentiel.territoires as t using (territoire)
        where v.arrete = arrete() and t.maille <> 'national'
    ) as p
    join attendues as a
        on
            p.extrait = a.extrait
            and (a.depuis is null or a.depuis <= p.fin)
            and (p.debut is null or p.debut <= a.jusque)
            and (
                p.maille = 'region'
                or a.territoire is null
                or a.territoire in (p.territoire, p.academie)
            )
    group by all
)

select
    v.arrete,
    i.objectif,
    o.titre as titre_objectif,
    v.indicateur,
    i.titre,
    i.unite,
    i.nature,
    i.sens,
    v.territoire,
    t.libelle as nom_territoire,
    t.maille,
    v.type_periode,
    v.periode,
    v.debut,
    v.fin,
    v.maturite,
    v.provisoire,
    v.ventilation,
    coalesce(n.libelle, v.ventilation) as libelle_ventilation,
    v.modalite,
    case v.modalite
        when 'total' then 'Ensemble'
        when 'non_renseigne' then 'Non renseigné'
        else coalesce(m.libelle, v.modalite)
    end as libelle_modalite,
    case v.modalite when 'total' then 0 when 'non_renseigne' then 1000 else coalesce(m.ordre, 999) end
        as ordre_modalite,
    v.numerateur,
    v.denominateur,
    v.valeur,
    v.part,
    v.evolution,
    v.multiplicateur,
    v.ecart,
    v.precedente_a_date,
    v.evolution_a_date,
    v.ecart_a_date,
    v.rang,
    v.valeur_cible,
    v.taux_cible,
    c.livraisons_attendues,
    c.livraisons_recues,
    c.livraisons_manquantes
from indicateurs.valeurs as v
join referentiel.indicateurs as i on v.indicateur = i.indicateur
join referentiel.territoires as t on v.territoire = t.territoire
left join referentiel.objectifs as o on i.objectif = o.objectif
left join ventilations as n on v.ventilation = n.ventilation
left join modalites as m
    on v.indicateur = m.indicateur and v.ventilation = m.ventilation and v.modalite = m.modalite
left join couvertures as c
    on
        i.extrait = c.extrait
        and v.territoire = c.territoire
        and v.debut is not distinct from c.debut
        and v.fin = c.fin
where v.arrete = arrete()
