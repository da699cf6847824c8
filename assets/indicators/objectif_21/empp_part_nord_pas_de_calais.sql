-- titre: Part du Nord et du Pas-de-Calais dans les situations EMPP
-- numerateur: somme de situations EMPP de D59 et D62
-- denominateur: somme de situations EMPP
-- nature: propre
-- unite: %
-- sens: neutre
-- personnes: non
-- periodes: annee
-- territoires: region
-- consolidation: 3

select
    mois,
    sum(situations) filter (departement in ('59', '62')) as numerateur,
    sum(situations) as denominateur
from faits.ars_equipes_mobiles
where type_equipe = 'EMPP' and situations is not null
group by all
