-- titre: Part des primo-arrivants parmi les parents OEPRE
-- numerateur: somme de parents_primo_arrivants
-- denominateur: somme de parents, lignes où parents_primo_arrivants est renseigné
-- nature: part
-- unite: %
-- sens: hausse
-- personnes: oui
-- periodes: annee_scolaire
-- territoires: academies
-- consolidation: 3

select
    annee_scolaire,
    academie,
    sum(parents_primo_arrivants) as numerateur,
    sum(parents) as denominateur
from faits.rectorat_oepre
where parents_primo_arrivants is not null
group by all
