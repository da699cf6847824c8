-- The progress of every orientation, on each of its territories, at each arrêté.
--
-- Reads: referentiel.orientations, referentiel.territoires, referentiel.bilan,
--        chantier.arretes (arrete, publie), chantier.indicateurs, chantier.valeurs (every month
--        computed, that of the bilan included),
--        chantier.constats (per arrêté, the newest declaration on each territory)
-- Gives: orientations.avancement

with arretes as (
    select arrete, fin_du_mois(arrete) as jour
    from chantier.arretes
    where publie
),

-- Where orientations start: the bilan's arrêté, and the day on which its year is observed.
depart as (
    select arrete, least(make_date(annee, 12, 31), fin_du_mois(arrete)) as jour
    from referentiel.bilan
),

-- An orientation of departments also has a row for the region, whose target is that of all of them
-- together: their sum, unless it is a rate.
suivies as (
    select
        o.orientation,
        o.objectif,
        o.mode,
        o.indicateur,
        o.ventilation,
        o.modalite,
        o.echeance,
        t.territoire,
        case
            when o.mode <> 'mesure' then null
            when t.maille <> 'region' or o.niveau = 'region' or i.rapport then o.valeur_cible
            else o.valeur_cible
                * (select count(*) from referentiel.territoires as n where n.maille || 's' = o.niveau)
        end as valeur_cible,
        case o.sens when 'baisse' then -1 else 1 end as signe,
        case
            when list_contains(i.periodes, 'annee') then 'annee'
            when list_contains(i.periodes, 'annee_scolaire') then 'annee_scolaire'
            else i.periodes[1]
        end as type_periode
    from referentiel.orientations as o
    join referentiel.territoires as t on t.maille = 'region' or t.maille || 's' = o.niveau
    left join chantier.indicateurs as i on i.indicateur = o.indicateur
),

-- An orientation that is only declared has no values, even with an indicator.
mesurees as (
    select
        s.*,
        a.arrete,
        a.jour,
        i.valeur as valeur_initiale,
        v.valeur as valeur_actuelle
    from suivies as s
    cross join arretes as a
    cross join depart as d
    left join chantier.valeurs as v
        on
            s.mode <> 'declare'
            and v.indicateur = s.indicateur
            and v.territoire = s.territoire
            and v.type_periode = s.type_periode
            and v.periode = libelle_periode(s.type_periode, debut_periode(s.type_periode, a.jour))
            and v.ventilation = s.ventilation
            and v.modalite = s.modalite
            and v.arrete = a.arrete
    left join chantier.valeurs as i
        on
            s.mode <> 'declare'
            and a.arrete >= d.arrete
            and i.indicateur = s.indicateur
            and i.territoire = s.territoire
            and i.type_periode = s.type_periode
            and i.periode = libelle_periode(s.type_periode, debut_periode(s.type_periode, d.jour))
            and i.ventilation = s.ventilation
            and i.modalite = s.modalite
            and i.arrete = d.arrete
),

-- Each comparison is NULL where one of its terms is.
comparees as (
    select
        *,
        signe * valeur_actuelle >= signe * valeur_cible as atteinte,
        signe * valeur_initiale >= signe * valeur_cible as atteinte_au_depart,
        signe * valeur_actuelle > signe * valeur_initiale as en_progres
    from mesurees
),

avancees as (
    select
        m.* exclude (signe, type_periode, ventilation, modalite),
        100 * m.valeur_actuelle / nullif(m.valeur_cible, 0) as taux_atteinte,
        case
            when m.mode = 'declare' then c.avancement
            when m.atteinte_au_depart then case when m.atteinte then 100 when not m.atteinte then 0 end
            else 100 * (m.valeur_actuelle - m.valeur_initiale) / (m.valeur_cible - m.valeur_initiale)
        end as taux_avancement,
        case
            when c.statut is not null then c.statut
            when m.valeur_actuelle is null then 'NON_RENSEIGNE'
            when m.atteinte then 'REALISE'
            when m.en_progres or (m.valeur_initiale is null and m.valeur_actuelle <> 0)
                then 'EN_COURS'
            else 'A_VENIR'
        end as statut,
        c.date_constat,
        c.responsable,
        c.commentaire
    from comparees as m
    left join chantier.constats as c using (orientation, territoire, arrete)
)

select
    orientation,
    objectif,
    territoire,
    arrete,
    mode,
    indicateur,
    valeur_initiale,
    valeur_actuelle,
    valeur_cible,
    taux_atteinte,
    taux_avancement,
    statut,
    echeance,
    coalesce(echeance < jour and statut not in ('REALISE', 'ABANDONNE'), false) as en_retard,
    date_constat,
    responsable,
    commentaire
from avancees
order by orientation, arrete, territoire
