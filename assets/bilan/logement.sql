-- titre: Logement (objectif 16)
-- objet: Logements mobilisés, ménages relogés, attributions, AVDL réfugiés, concertation, passerelles.

select * from objectifs where objectif = 16
