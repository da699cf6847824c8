-- titre: Places
-- objet: Places créées et en service : intermédiation locative, centres provisoires d'hébergement,
--   résidences sociales ; référents logement, conventions avec le CROUS.

select * from bilan.objectifs where rubrique = 'places'
