-- titre: Toute ligne d'un fichier est acceptée, rejetée ou ignorée, et les acceptées sont chargées
-- ligne: {fichier} : {lignes} lignes lues, {comptees} comptées, {acceptees} acceptées et {chargees}
--   chargées.

with chargements as (
    select fichier, count(*) as chargees
    from lignes_chargees
    group by fichier
)

select
    f.fichier,
    f.lignes,
    f.acceptees + f.rejetees + f.ignorees as comptees,
    if(f.statut = 'acceptee', f.acceptees, 0) as acceptees,
    coalesce(c.chargees, 0) as chargees
from fichiers_livres as f
left join chargements as c on f.fichier = c.fichier
where
    (f.statut <> 'refusee' and f.lignes <> f.acceptees + f.rejetees + f.ignorees)
    or if(f.statut = 'acceptee', f.acceptees, 0) <> coalesce(c.chargees, 0)
order by f.fichier
