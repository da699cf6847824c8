-- titre: Un projet accueille d'un à 500 bénéficiaires
-- ligne: Département {departement}, exercice {exercice} : le projet de la ligne {ligne} de {fichier}
--   déclare {beneficiaires} bénéficiaires.
-- mesure: beneficiaires
-- minimum: 1
-- maximum: 500

-- The projects that declare the fewest and the most, of each department and year.
with classes as (
    select
        *,
        row_number() over (
            partition by exercice, departement
            order by beneficiaires_realises, fichier, feuille, ligne
        ) as depuis_le_bas,
        row_number() over (
            partition by exercice, departement
            order by beneficiaires_realises desc, fichier, feuille, ligne
        ) as depuis_le_haut
    from faits.ddcs_projets
    where beneficiaires_realises is not null and statut = 'TERMINE'
)

select
    'ddcs/projets' as objet,
    departement,
    cast(exercice as varchar) as exercice,
    fichier,
    cast(ligne as varchar) as ligne,
    beneficiaires_realises as beneficiaires
from classes
where least(depuis_le_bas, depuis_le_haut) <= 3
order by exercice, departement, beneficiaires, fichier, feuille, classes.ligne
