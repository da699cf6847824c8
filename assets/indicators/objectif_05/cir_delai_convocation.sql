-- titre: Délai médian entre titre et convocation
-- numerateur: médiane de date_convocation - date_titre, contrats où les deux dates sont présentes,
--   à la date de signature
-- nature: propre
-- unite: jours
-- sens: baisse
-- personnes: non
-- periodes: annee
-- territoires: departements
-- consolidation: 3
-- sans_ligne: vide

select
    year(date_signature) as annee,
    departement,
    median(date_convocation - date_titre) as numerateur
from faits.ofii_cir_signataires
where date_signature <= jour_arrete() and date_titre is not null and date_convocation is not null
group by grouping sets ((annee, departement), (annee))
