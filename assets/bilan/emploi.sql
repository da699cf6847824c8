-- titre: Formation et emploi (objectifs 12 à 15)
-- objet: Accompagnement vers l'emploi, outils, service public de l'emploi, moins de 25 ans.

select * from bilan.objectifs where objectif between 12 and 15
