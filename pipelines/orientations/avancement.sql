-- The progress of every orientation, on each of its territories, at each arrêté.
--
-- Reads: referentiel.orientations, referentiel.territoires, referentiel.bilans,
--        chantier.arretes (arrete, publie), chantier.indicateurs, chantier.valeurs (every month
--        computed, those of bilans included),
--        chantier.livraisons (extrait, mois), chantier.sans_mesure (indicateur, arrete: nothing has
--        counted yet),
--        chantier.constats (per arrêté, the newest declaration on each territory)
-- Gives: orientations.avancement

with arretes as (
    select arrete, fin_du_mois(arrete) as jour
    from chantier.arretes
    where publie
),

-- An orientation of departments also has a row for the region, unless it is of one territory only.
suivies as (
    select
        o.orientation,
        o.bilan,
        o.genre,
        o.objectif,
        o.mode,
        o.indicateur,
        o.ventilation,
        o.modalite,
        o.echeance,
        o.niveau,
        o.valeur_cible,
        o.multiple,
        t.territoire,
        t.maille,
        b.arrete as arrete_depart,
        make_date(coalesce(o.depart, b.annee), 12, 31) as jour_depart,
        i.extrait,
        i.consolidation,
        i.rapport,
        -- What is counted is 0 where nothing has been yet; a rate, or a duration, is not.
        i.nature = 'effectif' or (i.nature = 'propre' and i.unite not in ('%', 'jours', 'heures')) as denombre,
        case o.sens when 'baisse' then -1 else 1 end as signe,
        case
            when list_contains(i.periodes, 'annee') then 'annee'
            when list_contains(i.periodes, 'annee_scolaire') then 'annee_scolaire'
            else i.periodes[1]
        end as type_periode
    from referentiel.orientations as o
    join referentiel.bilans as b using (bilan)
    join referentiel.territoires as t
        on
            case
                when o.territoire is not null then t.territoire = o.territoire
                else t.maille = 'region' or t.maille || 's' = o.niveau
            end
    -- An orientation that is only declared has no values, even with an indicator.
    left join chantier.indicateurs as i on i.indicateur = o.indicateur and o.mode <> 'declare'
),

-- What was reached at its term stays reached: no period that begins after it is followed.
bornees as (
    select
        s.*,
        a.arrete,
        a.jour,
        least(a.jour, coalesce(s.echeance, a.jour)) as borne
    from suivies as s
    cross join arretes as a
),

-- The newest period that has a value in the region; January does not empty the table.
periodes as (
    select b.orientation, b.arrete, max(v.debut) as debut
    from (select distinct on (orientation, arrete) * from bornees) as b
    join chantier.valeurs as v
        on
            v.indicateur = b.indicateur
            and v.type_periode = b.type_periode
            and v.ventilation = b.ventilation
            and v.modalite = b.modalite
            and v.arrete = b.arrete
            and v.debut <= b.borne
            and v.valeur is not null
    semi join (from referentiel.territoires where maille = 'region') as r
        on v.territoire = r.territoire
    group by all
),

datees as (
    select
        b.*,
        coalesce(p.debut, debut_periode(b.type_periode, b.borne)) as debut,
        libelle_periode(b.type_periode, coalesce(p.debut, debut_periode(b.type_periode, b.borne)))
            as periode,
        -- Whether what is declared or known of the term may still change by itself.
        maturite(
            b.type_periode,
            coalesce(p.debut, debut_periode(b.type_periode, b.borne)),
            b.jour,
            b.consolidation
        ) as maturite
    from bornees as b
    left join periodes as p using (orientation, arrete)
),

-- Indicators for which nothing has counted yet, though their extract was delivered.
nulles as (
    select z.indicateur, z.arrete
    from chantier.sans_mesure as z
    join chantier.indicateurs as i using (indicateur)
    where exists (
        from chantier.livraisons as l where l.extrait = i.extrait and l.mois <= z.arrete
    )
),

mesurees as (
    select
        s.*,
        s.maturite <> 'consolidee' and s.consolidation > 3 as attendue,
        case
            when s.arrete < s.arrete_depart then null
            when i.indicateur is null and zd.indicateur is not null then 0
            else i.valeur
        end as valeur_initiale,
        case when v.indicateur is null and za.indicateur is not null then 0 else v.valeur end
            as valeur_actuelle
    from datees as s
    left join chantier.valeurs as v
        on
            v.indicateur = s.indicateur
            and v.territoire = s.territoire
            and v.type_periode = s.type_periode
            and v.periode = s.periode
            and v.ventilation = s.ventilation
            and v.modalite = s.modalite
            and v.arrete = s.arrete
    left join chantier.valeurs as i
        on
            i.indicateur = s.indicateur
            and i.territoire = s.territoire
            and i.type_periode = s.type_periode
            and i.periode
            = libelle_periode(s.type_periode, debut_periode(s.type_periode, s.jour_depart))
            and i.ventilation = s.ventilation
            and i.modalite = s.modalite
            and i.arrete = s.arrete_depart
    left join nulles as za
        on za.indicateur = s.indicateur and za.arrete = s.arrete and s.denombre
    left join nulles as zd
        on zd.indicateur = s.indicateur and zd.arrete = s.arrete_depart and s.denombre
),

-- The target of the region is that of all its departments together: their sum, unless it is a rate.
-- With a multiple, each territory has its own.
visees as (
    select
        * exclude (valeur_cible),
        case
            when mode <> 'mesure' then null
            when multiple is not null then multiple * nullif(valeur_initiale, 0)
            when maille <> 'region' or niveau = 'region' or rapport then valeur_cible
            else valeur_cible
                * (select count(*) from referentiel.territoires as n where n.maille || 's' = niveau)
        end as valeur_cible
    from mesurees
),

-- Each comparison is NULL where one of its terms is.
comparees as (
    select
        *,
        signe * valeur_actuelle >= signe * valeur_cible as atteinte,
        signe * valeur_initiale >= signe * valeur_cible as atteinte_au_depart
    from visees
),

avancees as (
    select
        m.* exclude (mode, periode),
        m.mode,
        case when m.mode <> 'declare' then m.periode end as periode,
        100 * m.valeur_actuelle / nullif(m.valeur_cible, 0) as taux_atteinte,
        case
            when m.mode = 'declare' then c.avancement
            when m.attendue then null
            when m.atteinte_au_depart then case when m.atteinte then 100 when not m.atteinte then 0 end
            else 100 * (m.valeur_actuelle - m.valeur_initiale) / (m.valeur_cible - m.valeur_initiale)
        end as taux_avancement,
        c.statut as statut_declare,
        case
            when c.statut is not null then c.statut
            when m.valeur_actuelle is null then 'NON_RENSEIGNE'
            when m.atteinte and not (m.rapport and m.maturite = 'provisoire') then 'REALISE'
            when m.atteinte or m.valeur_actuelle <> 0 then 'EN_COURS'
            else 'A_VENIR'
        end as statut,
        c.date_constat,
        c.responsable,
        c.commentaire
    from comparees as m
    left join chantier.constats as c using (orientation, territoire, arrete)
)

select
    a.orientation,
    a.objectif,
    a.territoire,
    a.arrete,
    a.mode,
    a.indicateur,
    a.valeur_initiale,
    a.valeur_actuelle,
    a.valeur_cible,
    a.taux_atteinte,
    a.taux_avancement,
    a.statut,
    a.echeance,
    coalesce(a.echeance < a.jour and a.statut not in ('REALISE', 'ABANDONNE'), false)
    -- What is only followed has no term to miss; what is measured is late once the state at the
    -- term is known.
    and (
        a.statut_declare is not null
        or a.mode = 'declare'
        or (
            a.mode = 'mesure'
            and not a.attendue
            and exists (
                from chantier.livraisons as l
                where
                    l.extrait = a.extrait
                    and l.mois <= a.arrete
                    and l.mois >= strftime(a.echeance, '%Y-%m')
            )
        )
    ) as en_retard,
    a.date_constat,
    a.responsable,
    a.commentaire,
    a.bilan,
    a.genre,
    a.periode
from avancees as a
order by a.orientation, a.arrete, a.territoire
