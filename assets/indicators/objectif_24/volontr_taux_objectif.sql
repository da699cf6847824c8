-- titre: Accueillis rapportés à l'objectif des associations
-- numerateur: somme de accueillis, lignes où objectif est renseigné
-- denominateur: somme de objectif
-- nature: part
-- unite: %
-- sens: hausse
-- personnes: oui
-- periodes: annee
-- territoires: region
-- consolidation: 3
-- plafond: aucun

select
    annee,
    sum(accueillis) as numerateur,
    sum(objectif) as denominateur
from faits.service_civique_volontr
where objectif is not null
group by all
