-- titre: Parcours d'intégration et accès aux droits (objectifs 5 et 6)
-- objet: Délais du contrat, niveau A1 dans les douze mois, formation civique, projets globaux, outils
--   partagés ; le tableau du CIR est dans la vue cir.

select * from objectifs where objectif in (5, 6) and (indicateur <> 'cir_signataires' or dont = '')
