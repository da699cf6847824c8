-- titre: Taux de réussite au DELF
-- numerateur: somme de recus_delf
-- denominateur: somme de candidats_delf
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
    sum(recus_delf) as numerateur,
    sum(candidats_delf) as denominateur
from faits.rectorat_oepre
where recus_delf is not null and candidats_delf is not null
group by all
