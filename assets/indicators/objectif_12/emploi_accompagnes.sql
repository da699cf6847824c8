-- titre: Personnes accompagnées vers l'emploi
-- numerateur: somme de accompagnes_emploi
-- nature: effectif
-- unite: personnes
-- sens: hausse
-- personnes: oui
-- periodes: annee
-- territoires: departements
-- consolidation: 12

select
    exercice as annee,
    departement,
    sum(accompagnes_emploi) as numerateur
from faits.ddcs_projets
where statut <> 'ABANDONNE'
group by all
