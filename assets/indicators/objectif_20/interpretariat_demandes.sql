-- titre: Demandes d'interprétariat en santé
-- numerateur: somme de demandes
-- nature: effectif
-- unite: demandes
-- sens: hausse
-- personnes: non
-- ventilations: mode
-- periodes: annee, mois
-- territoires: departements
-- consolidation: 3

select
    mois,
    departement,
    mode,
    sum(demandes) as numerateur
from faits.ars_interpretariat
group by all
