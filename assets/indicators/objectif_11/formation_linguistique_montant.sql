-- titre: Financement des formations linguistiques
-- numerateur: somme de montant_accorde, axe LANGUE
-- nature: effectif
-- unite: €
-- sens: hausse
-- personnes: non
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    exercice as annee,
    departement,
    sum(montant_accorde order by montant_accorde) as numerateur
from faits.ddcs_projets
where statut <> 'ABANDONNE' and axe = 'LANGUE'
group by all
