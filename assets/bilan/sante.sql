-- titre: Accès aux soins
-- objet: Interprétariat (demandes, durée) et équipes mobiles.

select * from bilan.objectifs where rubrique = 'sante'
