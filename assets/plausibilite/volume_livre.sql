-- titre: Chaque extrait livre à peu près autant de lignes que le même mois des années passées
-- ligne: {objet}, livraison de {mois} : {lignes} lignes acceptées, contre {habituel} le même mois
--   des années passées.
-- mesure: rapport
-- minimum: 0.5
-- maximum: 2

with livrees as (
    select
        source || '/' || extrait as objet,
        mois_livraison as mois,
        sum(acceptees) as lignes
    from qualite.livraisons
    where statut = 'acceptee' and mois_livraison <= arrete()
    group by all
),

-- The first delivery takes up the past: no month is measured against it.
suivies as (
    select *, min(mois) over (partition by objet) as premier, max(mois) over (partition by objet) as dernier
    from livrees
)

select
    l.objet,
    l.mois,
    l.lignes,
    median(a.lignes) as habituel,
    if(greatest(l.lignes, habituel) >= 20, l.lignes / nullif(habituel, 0), null) as rapport
from suivies as l
join suivies as a
    on l.objet = a.objet and l.mois[6:] = a.mois[6:] and a.mois < l.mois and a.mois > a.premier
where l.mois = l.dernier
group by l.objet, l.mois, l.lignes
order by l.objet
