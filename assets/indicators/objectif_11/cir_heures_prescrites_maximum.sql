-- titre: Parcours le plus long prescrit
-- numerateur: maximum de heures_prescrites
-- nature: propre
-- unite: heures
-- sens: neutre
-- personnes: non
-- periodes: annee
-- territoires: departements
-- consolidation: 3
-- sans_ligne: vide

select
    year(date_signature) as annee,
    departement,
    max(heures_prescrites) as numerateur
from faits.ofii_cir_signataires
where date_signature <= jour_arrete()
group by grouping sets ((annee, departement), (annee))
