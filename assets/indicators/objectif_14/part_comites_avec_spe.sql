-- titre: Part des comités départementaux associant le service public de l'emploi
-- numerateur: réunions DEPARTEMENTAL × COPIL avec spe_associes = O
-- denominateur: réunions DEPARTEMENTAL × COPIL où spe_associes est renseigné
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
    count(*) filter (spe_associes) as numerateur,
    count(*) as denominateur
from faits.ddcs_reunions
where niveau = 'DEPARTEMENTAL' and instance = 'COPIL' and spe_associes is not null
group by all
