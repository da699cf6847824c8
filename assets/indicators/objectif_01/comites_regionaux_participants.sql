-- titre: Participants aux comités régionaux
-- numerateur: somme de participants, réunions REGIONAL × COPIL
-- nature: effectif
-- unite: participants
-- sens: hausse
-- personnes: non
-- periodes: annee
-- territoires: region
-- consolidation: 3

select
    date_reunion as jour,
    sum(participants) as numerateur
from faits.ddcs_reunions
where niveau = 'REGIONAL' and instance = 'COPIL'
group by all
