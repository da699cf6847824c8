-- titre: Part des moins de 25 ans parmi les bénéficiaires d'actions culturelles et sportives
-- numerateur: somme de dont_moins_25, axe CULTURE_SPORT, projets où dont_moins_25 est renseigné
-- denominateur: somme de beneficiaires_realises des mêmes projets
-- nature: part
-- unite: %
-- sens: neutre
-- personnes: oui
-- periodes: annee
-- territoires: departements
-- consolidation: 12

select
    exercice as annee,
    departement,
    sum(dont_moins_25) as numerateur,
    sum(beneficiaires_realises) as denominateur
from faits.ddcs_projets
where
    statut <> 'ABANDONNE'
    and axe = 'CULTURE_SPORT'
    and dont_moins_25 is not null
    and beneficiaires_realises is not null
group by all
