-- titre: Un indicateur dont la cible n'est pas atteinte a bougé depuis un an
-- ligne: {titre} : {valeur} à chacun des {arretes} derniers arrêtés.
-- mesure: valeurs_differentes
-- minimum: 2

-- The region's value in the year (or school year) of each arrêté of the last twelve months.
with recents as (
    select
        v.indicateur,
        v.arrete,
        arg_max(v.valeur, v.periode) as valeur,
        arg_max(v.taux_cible, v.periode) as taux_cible
    from indicateurs.valeurs as v
    join referentiel.territoires as t using (territoire)
    where
        t.maille = 'region'
        and v.ventilation = 'total'
        and v.type_periode in ('annee', 'annee_scolaire')
        and v.arrete <= arrete()
        and v.arrete > strftime(cast(arrete() || '-01' as date) - interval 12 month, '%Y-%m')
    group by all
),

series as (
    select
        indicateur,
        count(valeur) as arretes,
        count(distinct valeur) as valeurs_differentes,
        arg_max(valeur, arrete) as valeur,
        arg_max(taux_cible, arrete) as taux_cible
    from recents
    group by all
),

atteints as (
    select distinct indicateur
    from orientations.avancement
    where taux_atteinte >= 100 and arrete = arrete()
)

select s.indicateur as objet, i.titre, s.arretes, s.valeur, s.valeurs_differentes
from series as s
join referentiel.indicateurs as i using (indicateur)
anti join atteints as a on s.indicateur = a.indicateur
where s.arretes >= 12 and coalesce(s.taux_cible, 0) < 100
order by i.rowid
