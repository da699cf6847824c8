-- titre: Ouvrir l'école aux parents pour la réussite des enfants
-- objet: Le dispositif OEPRE par année scolaire, contre l'année précédente, avec ses évolutions.

select * from bilan.objectifs where rubrique = 'oepre'
