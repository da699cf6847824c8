-- titre: Formation et emploi
-- objet: Accompagnement vers l'emploi, outils, service public de l'emploi, moins de 25 ans.

select * from bilan.objectifs where rubrique = 'emploi'
