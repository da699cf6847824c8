-- titre: Contrats signés, avec leurs volets
-- objet: Les communes qui ont signé un contrat d'accueil et d'intégration, puis les protocoles et les
--   conventions, au dernier arrêté calculé.
-- colonne Contrat: Sorte de contrat.
-- colonne departement: Nom du département.
-- colonne Volets: Ce que le contrat couvre, dans l'ordre de la liste.
-- colonne en_vigueur: Vrai si le contrat est en vigueur au dernier jour de l'arrêté, dates de signature et de fin comprises.
-- colonne arrete: Dernier arrêté calculé, AAAA-MM.

with dernier as (
    select max(arrete) as arrete from indicateurs.valeurs
),

volets as (
    select
        v.numero_contrat,
        string_agg(coalesce(c.libelle, v.volet), ', ' order by c.ordre, v.volet) as libelles
    from (
        select numero_contrat, trim(unnest(string_split(volets, ','))) as volet
        from faits.ddcs_contrats
    ) as v
    left join referentiel.codes as c on c.liste = 'volet' and c.code = v.volet
    group by all
)

select
    coalesce(c.libelle, f.type_contrat) as "Contrat",
    t.libelle as departement,
    f.signataire,
    f.code_insee,
    f.date_signature,
    f.date_fin,
    f.date_signature <= fin_du_mois(d.arrete)
    and (f.date_fin is null or f.date_fin >= fin_du_mois(d.arrete)) as en_vigueur,
    v.libelles as "Volets",
    f.montant_prevu,
    f.montant_consomme,
    d.arrete
from faits.ddcs_contrats as f
cross join dernier as d
left join referentiel.territoires as t on t.maille = 'departement' and t.code = f.departement
left join referentiel.codes as c on c.liste = 'type_contrat' and c.code = f.type_contrat
left join volets as v on v.numero_contrat = f.numero_contrat
order by coalesce(c.compte_comme, f.type_contrat) <> 'CAI', c.ordre, t.rowid, f.date_signature, f.signataire
