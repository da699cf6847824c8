-- titre: Chiffres imprimés que les données ne retrouvent pas
-- objet: Les chiffres du bilan dont le verdict n'est pas conforme, dans l'ordre du texte, chacun à
--   l'arrêté auquel il est lu.
-- colonne Imprimé: Valeur imprimée, avec ses décimales.
-- colonne Calculé: Valeur calculée, à deux décimales au plus.
-- colonne Écart: Valeur calculée moins valeur imprimée.

select
    ligne,
    libelle,
    en_francais(valeur, decimales) || if(unite = '%', ' %', '') as "Imprimé",
    regexp_replace(en_francais(valeur_calculee, 2), ',00$', '') || if(unite = '%', ' %', '')
        as "Calculé",
    case when ecart < 0 then '- ' else '+ ' end
    || regexp_replace(en_francais(abs(ecart), 2), ',00$', '') as "Écart",
    verdict,
    explication,
    citation,
    objectif,
    chiffre,
    arrete
from rapprochement.chiffres
where verdict <> 'conforme'
order by ligne, chiffre
