-- titre: Parcours d'intégration et accès aux droits
-- objet: Délais du contrat, niveau A1 dans les douze mois, formation civique, projets globaux, outils
--   partagés ; le tableau du CIR est dans la vue cir.

select *
from bilan.objectifs
where rubrique = 'parcours' and (indicateur <> 'cir_signataires' or dont = '')
