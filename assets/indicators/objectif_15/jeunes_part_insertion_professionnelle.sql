-- titre: Part des moins de 25 ans parmi les accompagnés vers l'emploi
-- numerateur: somme de jeunes_insertion
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
    sum(jeunes_insertion) as numerateur,
    sum(accompagnes_emploi) as denominateur
from faits.ddcs_projets
where statut <> 'ABANDONNE' and jeunes_insertion is not null and accompagnes_emploi is not null
group by all
