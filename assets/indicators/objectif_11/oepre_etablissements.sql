-- titre: Établissements OEPRE
-- numerateur: somme de etablissements
-- nature: effectif
-- unite: établissements
-- sens: hausse
-- personnes: non
-- periodes: annee_scolaire
-- territoires: academies
-- consolidation: 3

select
    annee_scolaire,
    academie,
    sum(etablissements) as numerateur
from faits.rectorat_oepre
group by all
