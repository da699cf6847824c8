-- titre: Bénéficiaires d'actions culturelles et sportives
-- numerateur: somme de beneficiaires_realises, axe CULTURE_SPORT
-- nature: effectif
-- unite: primo-arrivants
-- sens: hausse
-- personnes: oui
-- periodes: annee
-- territoires: departements
-- consolidation: 12

select
    exercice as annee,
    departement,
    sum(beneficiaires_realises) as numerateur
from faits.ddcs_projets
where statut <> 'ABANDONNE' and axe = 'CULTURE_SPORT'
group by all
