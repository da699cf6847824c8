-- titre: Outils et documents partagés
-- objet: Les outils et documents de la région et de ses départements, prévus, déployés ou retirés, au
--   dernier arrêté calculé.
-- colonne Sorte: Sorte d'outil ou de document.
-- colonne territoire: Nom du département ; de la région pour un outil régional.
-- colonne État: Prévu, déployé ou retiré.
-- colonne arrete: Dernier arrêté calculé, AAAA-MM.

with dernier as (
    select max(arrete) as arrete from indicateurs.valeurs
)

select
    coalesce(c.libelle, f.type_outil) as "Sorte",
    f.nom,
    t.libelle as territoire,
    coalesce(s.libelle, f.statut) as "État",
    f.date_deploiement,
    f.date_retrait,
    f.langues,
    f.mots,
    d.arrete
from faits.ddcs_outils as f
cross join dernier as d
left join referentiel.territoires as t
    on
        case
            when f.departement is null then t.maille = 'region'
            else t.maille = 'departement' and t.code = f.departement
        end
left join referentiel.codes as c on c.liste = 'type_outil' and c.code = f.type_outil
left join referentiel.codes as s on s.liste = 'statut_outil' and s.code = f.statut
order by c.ordre, t.rowid, f.date_deploiement, f.nom
