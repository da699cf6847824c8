-- titre: Taux de réussite au DILF
-- numerateur: somme de recus_dilf
-- denominateur: somme de candidats_dilf
-- nature: part
-- unite: %
-- sens: hausse
-- personnes: oui
-- periodes: annee_scolaire
-- territoires: academies
-- consolidation: 3

select
    annee_scolaire,
    academie,
    sum(recus_dilf) as numerateur,
    sum(candidats_dilf) as denominateur
from faits.rectorat_oepre
where recus_dilf is not null and candidats_dilf is not null
group by all
