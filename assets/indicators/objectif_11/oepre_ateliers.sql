-- titre: Ateliers OEPRE
-- numerateur: somme de ateliers
-- nature: effectif
-- unite: ateliers
-- sens: hausse
-- personnes: non
-- periodes: annee_scolaire
-- territoires: academies
-- consolidation: 3

select
    annee_scolaire,
    academie,
    sum(ateliers) as numerateur
from faits.rectorat_oepre
group by all
