-- titre: Places (objectifs 17 à 19)
-- objet: Places créées et en service : intermédiation locative, centres provisoires d'hébergement,
--   résidences sociales ; référents logement, conventions avec le CROUS.

select * from objectifs where objectif between 17 and 19
