-- titre: Gouvernance (objectifs 1 à 4)
-- objet: Comités, référents, correspondants, contrats avec les collectivités.

select * from bilan.objectifs where objectif between 1 and 4
