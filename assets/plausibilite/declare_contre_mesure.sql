-- titre: L'avancement déclaré d'une orientation est à moins de 30 points de l'avancement mesuré
-- ligne: {orientation}, {territoire} : {declare} % déclarés ({statut}, constat du {date_constat}),
--   {mesure} % mesurés.
-- mesure: ecart_en_points
-- minimum: -30
-- maximum: 30

-- The newest statement of each orientation and territory; without a percentage, what its status
-- implies. What is measured is bounded to 0-100, as what is declared is.
with constats as (
    select
        orientation,
        territoire,
        date_constat,
        statut,
        coalesce(avancement, case statut when 'REALISE' then 100 when 'A_VENIR' then 0 end) as declare
    from faits.ddcs_orientations
    where date_constat <= jour_arrete()
    qualify row_number() over (partition by orientation, territoire order by date_constat desc) = 1
)

select
    'orientations.avancement' as objet,
    a.orientation,
    t.libelle as territoire,
    c.statut,
    strftime(c.date_constat, '%d/%m/%Y') as date_constat,
    c.declare,
    least(greatest(coalesce(a.taux_avancement, a.taux_atteinte), 0), 100) as mesure,
    c.declare - mesure as ecart_en_points
from orientations.avancement as a
join constats as c using (orientation, territoire)
join referentiel.territoires as t using (territoire)
where a.mode = 'mesure' and a.arrete = arrete() and mesure is not null
order by a.orientation, t.rowid
