-- titre: Tout territoire est de la feuille de route
-- ligne: {indicateur}, arrêté {arrete} : le territoire {territoire} est inconnu.

select distinct v.indicateur, v.arrete, v.territoire
from (
    select indicateur, arrete, territoire
    from valeurs_calculees
    union all
    select indicateur, arrete, territoire
    from chantier.mesures
    where territoire is not null
) as v
anti join referentiel.territoires as t using (territoire)
order by all
