-- The values of an arrêté with the texts that people read, made by the macros of the warehouse.
--
-- Reads: lisible (indicateurs.lisible, or the same of diffusion.valeurs), referentiel.*
-- Gives: a row a value, in the order of the bilan: that of objectives, then of what it prints

with imprimes as (
    select indicateur, min(ligne) as ligne
    from referentiel.chiffres_publies
    where bilan = bilan_choisi()
    group by all
)

select
    l.*,
    i.extrait,
    i.consolidation,
    affiche(l.valeur, l.unite) as t_valeur,
    affiche(l.part, '%') as t_part,
    affiche(l.valeur - l.ecart, l.unite) as t_precedente,
    affiche(l.precedente_a_date, l.unite) as t_precedente_a_date,
    affiche_changement(l.evolution, l.ecart, l.unite) as t_evolution,
    affiche_changement(l.evolution_a_date, l.ecart_a_date, l.unite) as t_evolution_a_date,
    affiche(l.valeur_cible, l.unite) as t_valeur_cible,
    affiche(l.taux_cible, '%') as t_taux_cible,
    affiche_livraisons(l.livraisons_attendues, l.livraisons_recues, l.livraisons_manquantes)
        as t_livraisons
from lisible as l
join referentiel.indicateurs as i using (indicateur)
join referentiel.territoires as t using (territoire)
left join imprimes as c on l.indicateur = c.indicateur
order by
    l.objectif nulls last,
    c.ligne nulls last,
    l.titre,
    l.indicateur,
    l.type_periode,
    l.periode,
    l.ventilation <> 'total',
    l.ventilation,
    l.ordre_modalite,
    l.modalite,
    t.rowid
