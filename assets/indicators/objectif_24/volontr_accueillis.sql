-- titre: Réfugiés accueillis en service civique
-- numerateur: somme de accueillis
-- nature: effectif
-- unite: réfugiés
-- sens: hausse
-- personnes: oui
-- periodes: annee
-- territoires: region
-- consolidation: 3

select
    annee,
    sum(accueillis) as numerateur
from faits.service_civique_volontr
group by all
