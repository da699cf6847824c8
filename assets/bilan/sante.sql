-- titre: Accès aux soins (objectifs 20 et 21)
-- objet: Interprétariat (demandes, durée) et équipes mobiles.

select * from objectifs where objectif in (20, 21)
