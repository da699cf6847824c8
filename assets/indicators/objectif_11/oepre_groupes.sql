-- titre: Groupes OEPRE
-- numerateur: somme de groupes
-- nature: effectif
-- unite: groupes
-- sens: hausse
-- personnes: non
-- periodes: annee_scolaire
-- territoires: academies
-- consolidation: 3

select
    annee_scolaire,
    academie,
    sum(groupes) as numerateur
from faits.rectorat_oepre
group by all
