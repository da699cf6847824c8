-- titre: Subventions accordées aux projets
-- numerateur: somme de montant_accorde
-- nature: effectif
-- unite: €
-- sens: neutre
-- personnes: non
-- ventilations: axe, action
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    exercice as annee,
    departement,
    axe,
    action,
    sum(montant_accorde order by montant_accorde) as numerateur
from faits.ddcs_projets
where statut <> 'ABANDONNE'
group by all
