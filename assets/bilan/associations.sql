-- titre: Associations lauréates de Volont'R
-- objet: Réfugiés à accueillir et accueillis par chaque association, année par année, puis le total ;
--   au dernier arrêté calculé.
-- colonne annee: Année.
-- colonne association: Nom de l'association ; Total pour leur ensemble.
-- colonne Objectif: Réfugiés à accueillir.
-- colonne Accueillis: Réfugiés accueillis en service civique.
-- colonne % de l'objectif: Accueillis rapportés à l'objectif, là où il y en a un.
-- colonne Maturité: provisoire (l'année n'est pas finie) ; vide sinon.
-- colonne arrete: Dernier arrêté calculé, AAAA-MM.

with dernier as (
    select max(arrete) as arrete from indicateurs.valeurs
)

select
    f.annee,
    if(grouping(f.association) = 1, 'Total', f.association) as association,
    sum(f.objectif) as "Objectif",
    sum(f.accueillis) as "Accueillis",
    en_francais(
        100.0 * sum(f.accueillis) filter (f.objectif is not null) / nullif(sum(f.objectif), 0), 2
    ) || ' %' as "% de l'objectif",
    affiche_maturite(
        if(make_date(f.annee, 12, 31) > fin_du_mois(d.arrete), 'provisoire', 'consolidee')
    ) as "Maturité",
    d.arrete
from faits.service_civique_volontr as f
cross join dernier as d
where f.annee <= year(fin_du_mois(d.arrete))
group by grouping sets ((f.annee, f.association, d.arrete), (f.annee, d.arrete))
order by f.annee, grouping(f.association), f.association
