-- titre: Équipes mobiles
-- objet: Ce qu'a fait chaque équipe, année par année, au dernier arrêté calculé.
-- colonne annee: Année.
-- colonne Sorte: Sorte d'équipe.
-- colonne departement: Nom du département.
-- colonne Mois: Nombre de mois d'activité remontés.
-- colonne Premier mois: Premier mois d'activité de l'année, AAAA-MM.
-- colonne Dernier mois: Dernier mois d'activité de l'année, AAAA-MM.
-- colonne Situations: Situations examinées.
-- colonne Interventions: Interventions.
-- colonne Bénéficiaires: Personnes vues pour la première fois.
-- colonne Maturité: provisoire (l'année n'est pas finie) ; vide sinon.
-- colonne À date, un an plus tôt: Année en cours : interventions de l'année précédente, jusqu'au même mois.
-- colonne Évolution à date: Année en cours : évolution des interventions au même mois ; vide si un mois manque d'un côté.
-- colonne arrete: Dernier arrêté calculé, AAAA-MM.

with dernier as (
    select max(arrete) as arrete from indicateurs.valeurs
),

annees as (
    select
        cast(left(f.mois, 4) as integer) as annee,
        f.equipe,
        f.type_equipe,
        f.departement,
        count(*) as mois,
        min(f.mois) as premier,
        max(f.mois) as dernier,
        sum(f.situations) as situations,
        sum(f.interventions) as interventions,
        sum(f.nouveaux_beneficiaires) as beneficiaires,
        make_date(cast(left(f.mois, 4) as integer), 12, 31) > fin_du_mois(d.arrete) as provisoire,
        d.arrete
    from faits.ars_equipes_mobiles as f
    cross join dernier as d
    group by all
),

a_date as (
    select a.annee, a.equipe, count(*) as mois, sum(f.interventions) as interventions
    from annees as a
    join faits.ars_equipes_mobiles as f
        on
            a.provisoire
            and f.equipe = a.equipe
            and cast(left(f.mois, 4) as integer) = a.annee - 1
            and right(f.mois, 2) <= right(a.dernier, 2)
    group by all
)

select
    a.annee,
    coalesce(c.libelle, a.type_equipe) as "Sorte",
    a.equipe,
    t.libelle as departement,
    a.mois as "Mois",
    a.premier as "Premier mois",
    a.dernier as "Dernier mois",
    a.situations as "Situations",
    a.interventions as "Interventions",
    a.beneficiaires as "Bénéficiaires",
    affiche_maturite(if(a.provisoire, 'provisoire', 'consolidee')) as "Maturité",
    p.interventions as "À date, un an plus tôt",
    if(
        p.mois = a.mois,
        affiche_evolution(100.0 * (a.interventions - p.interventions) / nullif(p.interventions, 0)),
        null
    ) as "Évolution à date",
    a.arrete
from annees as a
left join a_date as p on a.annee = p.annee and a.equipe = p.equipe
left join referentiel.territoires as t on t.maille = 'departement' and t.code = a.departement
left join referentiel.codes as c on c.liste = 'type_equipe' and c.code = a.type_equipe
order by a.annee, c.ordre, t.rowid, a.equipe
