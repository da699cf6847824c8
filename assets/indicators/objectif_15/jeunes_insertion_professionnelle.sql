-- titre: Moins de 25 ans en insertion professionnelle
-- numerateur: somme de jeunes_insertion
-- nature: effectif
-- unite: jeunes
-- sens: hausse
-- personnes: oui
-- periodes: annee
-- territoires: departements
-- consolidation: 12

select
    exercice as annee,
    departement,
    sum(jeunes_insertion) as numerateur
from faits.ddcs_projets
where statut <> 'ABANDONNE'
group by all
