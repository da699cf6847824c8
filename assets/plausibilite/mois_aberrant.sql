-- titre: Un mois ressemble aux autres mois de sa série
-- ligne: {titre}, {territoire}, {periode} : {valeur}, quand un mois ordinaire donne {habituelle}.
-- mesure: ecarts_types
-- minimum: -4
-- maximum: 4

-- Each of the last twelve closed months, in robust standard deviations of the series; one is at
-- least a tenth of the median and the chance of a count.
with mois as (
    select v.indicateur, v.territoire, v.periode, v.valeur
    from indicateurs.valeurs as v
    where
        v.ventilation = 'total'
        and v.arrete = arrete()
        and not v.provisoire
        and v.type_periode = 'mois'
),

series as (
    select
        indicateur,
        territoire,
        median(valeur) as habituelle,
        greatest(1.4826 * mad(valeur), 0.1 * habituelle, sqrt(habituelle), 1) as ecart_type
    from mois
    group by all
    having count(valeur) >= 12
)

select
    m.indicateur as objet,
    i.titre,
    t.libelle as territoire,
    m.periode,
    m.valeur,
    s.habituelle,
    (m.valeur - s.habituelle) / s.ecart_type as ecarts_types
from mois as m
join series as s using (indicateur, territoire)
join referentiel.indicateurs as i using (indicateur)
join referentiel.territoires as t using (territoire)
where
    m.periode > strftime(cast(arrete() || '-01' as date) - interval 12 month, '%Y-%m')
    and t.maille <> 'national'
order by i.rowid, m.periode, t.rowid
