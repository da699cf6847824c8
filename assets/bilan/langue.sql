-- titre: Maîtrise de la langue (objectif 11)
-- objet: Formation linguistique, heures prescrites, assiduité et niveau des sortants ; OEPRE a sa
--   vue.

select * from objectifs where objectif = 11 and indicateur not like 'oepre_%'
