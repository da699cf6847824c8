-- titre: Places (objectifs 17 à 19)
-- objet: Intermédiation locative, centres provisoires d'hébergement, résidences sociales.

select * from bilan.objectifs where objectif between 17 and 19
