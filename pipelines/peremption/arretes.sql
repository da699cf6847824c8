-- What each published month rests on today, beside what it rested on when it was computed.
with publies as (select distinct arrete from indicateurs.valeurs),

aujourd_hui as (
    select
        p.arrete,
        l.source || '/' || l.extrait as objet,
        sha256(string_agg(l.fichier || ' ' || l.sha256, chr(10) order by l.fichier)) as empreinte
    from publies as p
    join qualite.livraisons as l on l.statut = 'acceptee' and l.mois_livraison <= p.arrete
    group by all
    union all
    select p.arrete, e.objet, e.empreinte
    from publies as p
    cross join chantier.empreintes as e
),

notees as (
    select arrete, objet, empreinte
    from qualite.arretes
    where arrete in (select p.arrete from publies as p)
)

select
    arrete,
    objet,
    if(c.arrete is null, n.empreinte, t.empreinte) as empreinte,
    if(c.arrete is null, n.empreinte is not distinct from t.empreinte, true) as a_jour
from aujourd_hui as t
full join notees as n using (arrete, objet)
left join (select a.arrete from chantier.arretes as a where a.publie) as c using (arrete)
order by arrete, objet
