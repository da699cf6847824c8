-- titre: Projets financés, tous objectifs ensemble (conclusion)
-- objet: Nombre, bénéficiaires, réalisation, subventions, subvention par bénéficiaire ; le tableau
--   final du bilan est dans la vue projets.

select * from bilan.objectifs where rubrique = 'conclusion'
