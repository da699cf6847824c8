-- titre: Référents départementaux en fonction
-- numerateur: désignations REFERENT_DEPARTEMENTAL en fonction au dernier jour de la période ;
--   région : somme des départements
-- nature: propre
-- unite: référents
-- sens: hausse
-- personnes: non
-- ventilations: profil
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    a.annee,
    d.departement,
    case when grouping(d.profil) = 1 then 'total' else 'profil' end as ventilation,
    case
        when grouping(d.profil) = 1 then 'total' else coalesce(d.profil, 'non_renseigne')
    end as modalite,
    count(*) as numerateur
from faits.ddcs_designations as d
join annees() as a
    on d.date_designation <= a.jour and (d.date_fin is null or d.date_fin >= a.jour)
where d.fonction = 'REFERENT_DEPARTEMENTAL'
group by a.annee, cube (d.departement, d.profil)
