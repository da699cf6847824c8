-- titre: Part des comités traitant de la contractualisation
-- numerateur: réunions DEPARTEMENTAL × COPIL avec contractualisation_odj = O
-- denominateur: réunions DEPARTEMENTAL × COPIL où contractualisation_odj est renseigné
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
    count(*) filter (contractualisation_odj) as numerateur,
    count(*) as denominateur
from faits.ddcs_reunions
where niveau = 'DEPARTEMENTAL' and instance = 'COPIL' and contractualisation_odj is not null
group by all
