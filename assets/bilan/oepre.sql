-- titre: Ouvrir l'école aux parents pour la réussite des enfants (objectif 11)
-- objet: Le dispositif OEPRE par année scolaire, contre l'année précédente, avec ses évolutions.

select * from bilan.objectifs where indicateur like 'oepre_%'
