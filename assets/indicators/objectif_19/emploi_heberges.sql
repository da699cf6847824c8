-- titre: Accompagnés vers l'emploi ayant aussi un hébergement
-- numerateur: somme de heberges
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
    sum(heberges) as numerateur
from faits.ddcs_projets
where statut <> 'ABANDONNE'
group by all
