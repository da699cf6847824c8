-- Arithmetic of periods, for the roll-up: temporary, so not in the published file.

-- First day of the period of a type that holds a day; a `cumul` has none, a fixed day stands for it.
create or replace temp macro debut_periode(type_periode, jour) as
    cast(
        case type_periode
            when 'annee' then date_trunc('year', jour)
            when 'mois' then date_trunc('month', jour)
            when 'annee_scolaire'
                then make_date(year(jour) - cast(month(jour) < 9 as integer), 9, 1)
            else date '1900-01-01'
        end as date
    );

-- Last day of a period; a `cumul` ends with the arrêté, so never after it.
create or replace temp macro fin_periode(type_periode, debut) as
    cast(
        case type_periode
            when 'cumul' then debut
            when 'mois' then debut + interval 1 month - interval 1 day
            else debut + interval 1 year - interval 1 day
        end as date
    );

-- A period as people write it.
create or replace temp macro libelle_periode(type_periode, debut) as
    case type_periode
        when 'annee' then strftime(debut, '%Y')
        when 'mois' then strftime(debut, '%Y-%m')
        when 'annee_scolaire' then strftime(debut, '%Y') || '-' || (year(debut) + 1)
        else 'cumul'
    end;

create or replace temp macro type_de_periode(periode) as
    case
        when periode = 'cumul' then 'cumul'
        when regexp_full_match(periode, '[0-9]{4}') then 'annee'
        when regexp_full_match(periode, '[0-9]{4}-[0-9]{4}') then 'annee_scolaire'
        else 'mois'
    end;

create or replace temp macro debut_de_periode(periode) as
    case type_de_periode(periode)
        when 'annee' then cast(periode || '-01-01' as date)
        when 'annee_scolaire' then cast(left(periode, 4) || '-09-01' as date)
        when 'mois' then cast(periode || '-01' as date)
        else date '1900-01-01'
    end;

-- How far the value of a period can be trusted at a day: it has not ended; it has, but rows may
-- still come for `consolidation` months after its end; it will hardly move.
create or replace temp macro maturite(type_periode, debut, jour, consolidation) as
    case
        when type_periode = 'cumul' then 'consolidee'
        when fin_periode(type_periode, debut) > jour then 'provisoire'
        when last_day(fin_periode(type_periode, debut) + to_months(consolidation)) > jour then 'recente'
        else 'consolidee'
    end;
