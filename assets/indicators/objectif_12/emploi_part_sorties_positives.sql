-- titre: Part des sorties positives (formation et emploi)
-- numerateur: somme de entrees_formation + sorties_emploi
-- denominateur: somme de accompagnes_emploi
-- nature: part
-- unite: %
-- sens: hausse
-- personnes: oui
-- periodes: annee
-- territoires: departements
-- consolidation: 12
-- plafond: aucun

select
    exercice as annee,
    departement,
    sum(entrees_formation + sorties_emploi) as numerateur,
    sum(accompagnes_emploi) as denominateur
from faits.ddcs_projets
where
    statut <> 'ABANDONNE'
    and entrees_formation is not null
    and sorties_emploi is not null
    and accompagnes_emploi is not null
group by all
