-- titre: Logement
-- objet: Logements mobilisés, ménages relogés, attributions, AVDL réfugiés, concertation, passerelles.

select * from bilan.objectifs where rubrique = 'logement'
