-- titre: Une part est entre 0 et 100 %
-- ligne: {indicateur}, {territoire}, {periode}, {modalite}, arrêté {arrete} : {part} %.

-- A rate whose head says `plafond: aucun` may pass 100: its numerator is no part of its denominator.
select
    v.indicateur,
    v.arrete,
    v.territoire,
    v.periode,
    v.modalite,
    coalesce(v.part, v.valeur) as part
from valeurs_calculees as v
join chantier.indicateurs as i using (indicateur)
where
    v.part not between -1e-9 and 100 + 1e-9
    or (i.unite = '%' and i.plafond = '' and v.valeur not between -1e-9 and 100 + 1e-9)
    or (i.unite = '%' and v.valeur < 0)
order by all
