-- titre: Une seule valeur par indicateur, territoire, période, modalité et arrêté
-- ligne: {indicateur}, {territoire}, {periode}, {modalite}, arrêté {arrete} : {nombre} valeurs.

select indicateur, arrete, territoire, periode, ventilation, modalite, count(*) as nombre
from valeurs_calculees
group by all
having count(*) > 1
order by all
