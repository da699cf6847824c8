-- The values that may leave: counts of persons masked or rounded, all that is drawn from counts
-- drawn again from those; the other indicators, and the national figures, as they are.
-- An indicator that the roadmap no longer has, whose nature is thus unknown, stays inside.
--
-- Reads: chantier.a_diffuser, indicateurs.valeurs, referentiel.indicateurs, referentiel.territoires,
--        referentiel.cibles
-- Gives: diffusion.valeurs

-- Rates, means, parts and changes are shown over enough persons only; a rank, where all departments
-- have a value.
with refaites as (
    select
        v.*,
        a.maille,
        a.rapport,
        a.masque,
        not a.rapport or coalesce(v.denominateur >= 30, false) as montrable,
        not a.rapport or coalesce(v.denominateur_a_date >= 30, false) as montrable_a_date,
        bool_or(a.masque) over ventilee as ventilation_masquee,
        sum(v.valeur) filter (v.modalite <> 'non_renseigne') over ventilee as connus
    from comparees('chantier.a_diffuser') as v
    join chantier.a_diffuser as a
        using (indicateur, territoire, periode, ventilation, modalite)
    window ventilee as (partition by v.indicateur, v.territoire, v.periode, v.ventilation)
),

montrees as (
    select
        r.*,
        r.montrable
        and (not r.rapport or coalesce(a.montrable, false)) as comparable,
        r.montrable and r.montrable_a_date as comparable_a_date,
        bool_and(r.montrable and r.valeur is not null) filter (r.maille = 'departement') over (
            partition by r.indicateur, r.type_periode, r.periode, r.ventilation, r.modalite
        ) as tous_montres
    from refaites as r
    left join refaites as a
        on
            a.indicateur = r.indicateur
            and a.type_periode = r.type_periode
            and a.territoire = r.territoire
            and a.ventilation = r.ventilation
            and a.modalite = r.modalite
            and a.debut = r.debut - interval 1 year
)

-- A part would give its masked neighbours away, and they its base.
select
    * exclude (
        maille, rapport, montrable, montrable_a_date, ventilation_masquee, connus, comparable,
        comparable_a_date, tous_montres, numerateur_a_date, denominateur_a_date
    )
    replace (
        case when montrable then valeur end as valeur,
        case when not ventilation_masquee and connus >= 30 then part end as part,
        case when comparable and (rapport or valeur - ecart >= 30) then evolution end as evolution,
        case when comparable and (rapport or valeur - ecart >= 30) then multiplicateur end
            as multiplicateur,
        case when comparable then ecart end as ecart,
        case when tous_montres then rang end as rang,
        case when montrable then taux_cible end as taux_cible,
        case when montrable_a_date then precedente_a_date end as precedente_a_date,
        case
            when comparable_a_date and (rapport or precedente_a_date >= 30) then evolution_a_date
        end as evolution_a_date,
        case when comparable_a_date then ecart_a_date end as ecart_a_date
    )
from montrees
union all by name
select v.*, false as masque
from indicateurs.valeurs as v
join referentiel.indicateurs as i using (indicateur)
join referentiel.territoires as t using (territoire)
where
    (i.personnes = 'non' or t.maille = 'national')
    and v.arrete = (select max(d.arrete) from indicateurs.valeurs as d)
order by indicateur, type_periode, periode, territoire, ventilation, modalite
