-- titre: Citoyenneté, Volont'R, culture et sport (objectifs 22 à 26)
-- objet: Service civique, contrats et actions pour la culture et le sport.

select * from bilan.objectifs where objectif between 22 and 26
