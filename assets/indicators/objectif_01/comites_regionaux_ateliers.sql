-- titre: Ateliers thématiques des comités régionaux
-- numerateur: somme de ateliers, réunions REGIONAL × COPIL
-- nature: effectif
-- unite: ateliers
-- sens: hausse
-- personnes: non
-- periodes: annee
-- territoires: region
-- consolidation: 3

select
    date_reunion as jour,
    sum(ateliers) as numerateur
from faits.ddcs_reunions
where niveau = 'REGIONAL' and instance = 'COPIL'
group by all
