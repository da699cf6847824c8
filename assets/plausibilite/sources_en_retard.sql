-- titre: La dernière livraison attendue de chaque source est là
-- ligne: {objet}, {partie} : la livraison de {mois} n'est pas venue, {retard_jours} jours de retard.
-- mesure: retard_jours
-- maximum: 0
-- exige: qualite.attendus

select
    source || '/' || extrait as objet,
    if(partie = '', 'tout l''extrait', 'partie ' || partie) as partie,
    mois,
    statut,
    coalesce(retard_jours, 0) as retard_jours
from qualite.attendus as a
where attendu and limite <= jour_arrete()
qualify row_number() over (partition by source, extrait, a.partie order by mois desc) = 1
order by objet, partie
