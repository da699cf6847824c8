-- titre: Une valeur est son numérateur, ou son numérateur sur son dénominateur
-- ligne: {indicateur}, {territoire}, {periode}, {modalite}, arrêté {arrete} : la valeur est {valeur},
--   le calcul donne {attendue}.

with attendues as (
    select
        v.*,
        case
            when v.denominateur is null then v.numerateur
            when v.denominateur <> 0
                then if(i.unite = '%', 100, 1) * v.numerateur / v.denominateur
        end as attendue
    from valeurs_calculees as v
    join chantier.indicateurs as i using (indicateur)
    join referentiel.territoires as t using (territoire)
    where t.maille <> 'national'
)

select indicateur, arrete, territoire, periode, modalite, valeur, attendue
from attendues
where
    (valeur is null) <> (attendue is null)
    or abs(valeur - attendue) > 1e-9 * (1 + abs(attendue))
order by all
