-- titre: Ménages relogés par les mobilisations
-- numerateur: somme de menages
-- nature: effectif
-- unite: ménages
-- sens: hausse
-- personnes: oui
-- ventilations: filiere
-- periodes: annee, mois
-- territoires: departements
-- consolidation: 3

select
    mois,
    departement,
    filiere,
    sum(menages) as numerateur
from faits.logement_mobilisations
group by all
