-- Divisions, comparisons and ranks, of any table of counts: what is published inside and what may
-- leave are computed by the same query. Temporary, so not in the published file.
--
-- `cases` is a table: indicateur, territoire, maille, periode, type_periode, debut, fin, provisoire,
-- maturite, ventilation, modalite, arrete, nature, unite, sens, rapport, comparable (whether it may be
-- set against the period one year earlier), numerateur, denominateur, numerateur_a_date,
-- denominateur_a_date (those of the year before, up to the same month; NULL where there is none).
-- Gives the columns of indicateurs.valeurs, and those two counts.
create or replace temp macro quotient(rapport, unite, numerateur, denominateur) as
    case
        when not rapport then numerateur
        when denominateur <> 0
            then case when unite = '%' then 100 else 1 end * numerateur / denominateur
    end;

create or replace temp macro comparees(cases) as table
with valeurs as (
    select
        *,
        quotient(rapport, unite, numerateur, denominateur) as valeur,
        quotient(rapport, unite, numerateur_a_date, denominateur_a_date) as precedente_a_date
    from query_table(cases)
),

rapportees as (
    select
        v.*,
        case
            when v.nature = 'effectif' and v.ventilation <> 'total' and v.modalite <> 'non_renseigne'
                then 100 * v.valeur / nullif(
                    sum(v.valeur) filter (v.modalite <> 'non_renseigne') over (
                        partition by
                            v.indicateur, v.arrete, v.type_periode, v.debut, v.territoire,
                            v.ventilation
                    ),
                    0
                )
        end as part,
        case when v.comparable then a.valeur end as precedente,
        case
            when v.maille = 'departement' and v.valeur is not null and v.sens <> 'neutre'
                then rank() over (
                    partition by
                        v.indicateur, v.arrete, v.type_periode, v.debut, v.ventilation, v.modalite,
                        v.maille, v.valeur is null
                    order by case v.sens when 'hausse' then -v.valeur else v.valeur end
                )
        end as rang
    from valeurs as v
    left join valeurs as a
        on
            a.indicateur = v.indicateur
            and a.arrete = v.arrete
            and a.type_periode = v.type_periode
            and a.territoire = v.territoire
            and a.ventilation = v.ventilation
            and a.modalite = v.modalite
            and a.debut = v.debut - interval 1 year
)

select
    v.indicateur,
    v.territoire,
    v.periode,
    v.type_periode,
    case when v.type_periode <> 'cumul' then v.debut end as debut,
    v.fin,
    v.provisoire,
    v.maturite,
    v.ventilation,
    v.modalite,
    v.arrete,
    v.numerateur,
    v.denominateur,
    v.valeur,
    v.part,
    100 * (v.valeur - v.precedente) / nullif(v.precedente, 0) as evolution,
    v.valeur / nullif(v.precedente, 0) as multiplicateur,
    v.valeur - v.precedente as ecart,
    v.precedente_a_date,
    100 * (v.valeur - v.precedente_a_date) / nullif(v.precedente_a_date, 0) as evolution_a_date,
    v.valeur - v.precedente_a_date as ecart_a_date,
    v.numerateur_a_date,
    v.denominateur_a_date,
    v.rang,
    c.valeur_cible,
    100 * v.valeur / nullif(c.valeur_cible, 0) as taux_cible
from rapportees as v
left join referentiel.cibles as c using (indicateur, territoire, periode, ventilation, modalite);
