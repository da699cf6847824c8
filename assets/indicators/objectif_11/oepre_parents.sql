-- titre: Parents participant à OEPRE
-- numerateur: somme de parents
-- nature: effectif
-- unite: parents
-- sens: hausse
-- personnes: oui
-- periodes: annee_scolaire
-- territoires: academies
-- consolidation: 3

select
    annee_scolaire,
    academie,
    sum(parents) as numerateur
from faits.rectorat_oepre
group by all
