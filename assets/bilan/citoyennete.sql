-- titre: Citoyenneté, Volont'R, culture et sport
-- objet: Service civique, contrats et actions pour la culture et le sport.

select * from bilan.objectifs where rubrique = 'citoyennete'
