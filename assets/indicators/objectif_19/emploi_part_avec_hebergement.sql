-- titre: Part des accompagnés vers l'emploi ayant aussi un hébergement
-- numerateur: somme de heberges
-- denominateur: somme de accompagnes_emploi
-- nature: part
-- unite: %
-- sens: hausse
-- personnes: oui
-- periodes: annee
-- territoires: departements
-- consolidation: 12

select
    exercice as annee,
    departement,
    sum(heberges) as numerateur,
    sum(accompagnes_emploi) as denominateur
from faits.ddcs_projets
where
    statut <> 'ABANDONNE'
    and heberges is not null
    and accompagnes_emploi is not null
group by all
