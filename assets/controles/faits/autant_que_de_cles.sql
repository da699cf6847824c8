-- titre: Autant de faits que de clés en vigueur, une ligne par clé
-- ligne: {faits} faits en vigueur aujourd'hui, mais {cles} clés que rien n'a retirées.

with dernieres as (
    -- a number, which millions of keys can wait with on disk: a delivery has a key once
    select arg_max(retrait, cast(replace(mois_livraison, '-', '') as integer)) as retiree
    from lignes_chargees
    group by cle
),

comptes as (
    select
        (select count(*) from faits_en_vigueur) as faits,
        (select count(distinct cle) from faits_en_vigueur) as cles_des_faits,
        (select count(*) from dernieres where not retiree) as cles
)

select faits, cles
from comptes
where faits <> cles or faits <> cles_des_faits
