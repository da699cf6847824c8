-- titre: Projets d'accompagnement global et leurs opérateurs
-- objet: Par exercice et par département, les projets de l'axe global, abandons exclus, au dernier
--   arrêté calculé ; les chiffres sont la somme de ceux des opérateurs.
-- colonne annee: Exercice.
-- colonne departement: Nom du département.
-- colonne projet: Nom du dispositif, ou l'intitulé du projet s'il n'en a pas.
-- colonne Opérateurs: Porteurs du projet.
-- colonne Projets: Nombre de lignes financées.
-- colonne Bénéficiaires (cible): Bénéficiaires prévus.
-- colonne Bénéficiaires (réalisé): Bénéficiaires réalisés ; vide si rien n'est encore remonté.
-- colonne Maturité: provisoire (l'exercice n'est pas fini) ; vide sinon.
-- colonne arrete: Dernier arrêté calculé, AAAA-MM.

with dernier as (
    select max(arrete) as arrete from indicateurs.valeurs
)

select
    f.exercice as annee,
    t.libelle as departement,
    coalesce(c.libelle, f.dispositif, f.intitule) as projet,
    string_agg(distinct f.porteur, ', ' order by f.porteur) as "Opérateurs",
    count(*) as "Projets",
    sum(f.beneficiaires_prevus) as "Bénéficiaires (cible)",
    sum(f.beneficiaires_realises) as "Bénéficiaires (réalisé)",
    affiche_maturite(
        if(make_date(f.exercice, 12, 31) > fin_du_mois(d.arrete), 'provisoire', 'consolidee')
    ) as "Maturité",
    d.arrete
from faits.ddcs_projets as f
cross join dernier as d
left join referentiel.territoires as t on t.maille = 'departement' and t.code = f.departement
left join referentiel.codes as c on c.liste = 'dispositif_projet' and c.code = f.dispositif
where f.axe = 'GLOBAL' and f.statut <> 'ABANDONNE'
group by f.exercice, t.libelle, t.rowid, projet, d.arrete
order by f.exercice, t.rowid, projet
