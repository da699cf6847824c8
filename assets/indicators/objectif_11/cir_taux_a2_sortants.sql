-- titre: Part des sortants de formation ayant atteint le niveau A2
-- numerateur: contrats dont niveau_atteint vaut A2 ou plus, à la date de fin de formation
-- denominateur: contrats dont date_fin_formation est dans la période et heures_prescrites > 0
-- nature: part
-- unite: %
-- sens: hausse
-- personnes: oui
-- periodes: annee
-- territoires: departements
-- consolidation: 3

select
    date_fin_formation as jour,
    departement,
    count(*) filter (atteint_niveau(niveau_atteint, 'A2')) as numerateur,
    count(*) as denominateur
from faits.ofii_cir_signataires
where date_fin_formation is not null and heures_prescrites > 0
group by all
