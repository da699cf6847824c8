-- titre: Part des demandes d'interprétariat honorées
-- numerateur: somme de demandes_honorees
-- denominateur: somme de demandes
-- nature: part
-- unite: %
-- sens: hausse
-- personnes: non
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    mois,
    departement,
    sum(demandes_honorees) as numerateur,
    sum(demandes) as denominateur
from faits.ars_interpretariat
group by all
