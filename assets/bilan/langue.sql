-- titre: Maîtrise de la langue
-- objet: Formation linguistique, heures prescrites, assiduité et niveau des sortants ; OEPRE a sa
--   vue.

select * from bilan.objectifs where rubrique = 'langue'
