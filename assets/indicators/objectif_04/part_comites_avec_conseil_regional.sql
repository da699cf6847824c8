-- titre: Part des comités où siège le Conseil régional
-- numerateur: réunions COPIL (régionales et départementales) avec conseil_regional_present = O
-- denominateur: réunions COPIL où conseil_regional_present est renseigné
-- nature: part
-- unite: %
-- sens: hausse
-- personnes: non
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    date_reunion as jour,
    departement,
    count(*) filter (conseil_regional_present) as numerateur,
    count(*) as denominateur
from faits.ddcs_reunions
where instance = 'COPIL' and conseil_regional_present is not null
group by all
