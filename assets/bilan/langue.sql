-- titre: Maîtrise de la langue (objectif 11)
-- objet: Formation linguistique et heures prescrites ; OEPRE a sa vue.

select * from bilan.objectifs where objectif = 11 and indicateur not like 'oepre_%'
