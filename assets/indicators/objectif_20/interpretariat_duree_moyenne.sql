-- titre: Durée moyenne d'un interprétariat honoré
-- numerateur: somme de duree_minutes, lignes où duree_minutes est renseigné
-- denominateur: somme de demandes_honorees des mêmes lignes
-- nature: moyenne
-- unite: minutes
-- sens: neutre
-- personnes: non
-- ventilations: mode
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    mois,
    departement,
    mode,
    sum(duree_minutes) as numerateur,
    sum(demandes_honorees) as denominateur
from faits.ars_interpretariat
where duree_minutes is not null
group by all
