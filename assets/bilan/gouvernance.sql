-- titre: Gouvernance
-- objet: Comités, référents, correspondants, contrats avec les collectivités.

select * from bilan.objectifs where rubrique = 'gouvernance'
