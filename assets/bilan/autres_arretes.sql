-- titre: Chiffres lus à un autre arrêté que celui du bilan
-- objet: Les chiffres que le bilan imprime à une date antérieure à la sienne, à côté de ce que la même
--   période donne à son arrêté, puis à l'arrêté montré. Le bilan est le plus récent, ou celui de
--   set variable bilan.
-- colonne Imprimé: Valeur imprimée.
-- colonne Lu alors: Valeur calculée à l'arrêté du chiffre.
-- colonne Au bilan: La même, à l'arrêté du bilan ; vide s'il n'est pas publié.
-- colonne Aujourd'hui: La même, à l'arrêté montré.
-- colonne Maturité: À l'arrêté montré : provisoire (la période n'est pas finie), récente (elle peut encore bouger) ; vide si elle est consolidée.
-- colonne Livraisons: Livraisons reçues sur celles attendues pour la période, et celles qui manquent.
-- colonne lu_a: Arrêté auquel le chiffre est lu, AAAA-MM.
-- colonne libelle: Ce que dit le chiffre.
-- colonne arrete: Arrêté montré, AAAA-MM.

with lus as (
    select c.*, b.arrete as arrete_bilan
    from rapprochement.chiffres as c
    join referentiel.bilans as b on c.bilan = b.bilan
    where c.bilan = bilan_choisi() and c.arrete <> b.arrete
),

-- What a figure measures, at other months.
mesures as (
    select
        l.chiffre,
        v.arrete,
        if(l.mesure = 'cible', v.valeur_cible, mesuree(l.mesure, v)) as valeur
    from lus as l
    join indicateurs.valeurs as v
        on
            l.indicateur = v.indicateur
            and l.territoire = v.territoire
            and l.periode = v.periode
            and l.ventilation = v.ventilation
            and l.modalite = v.modalite
            and v.arrete in (l.arrete_bilan, arrete())
)

select
    l.ligne,
    l.libelle,
    l.arrete as lu_a,
    l.periode,
    en_francais(l.valeur, l.decimales) || if(l.unite = '%', ' %', '') as "Imprimé",
    en_francais(l.valeur_calculee, l.decimales) || if(l.unite = '%', ' %', '') as "Lu alors",
    en_francais(b.valeur, l.decimales) || if(l.unite = '%', ' %', '') as "Au bilan",
    en_francais(a.valeur, l.decimales) || if(l.unite = '%', ' %', '') as "Aujourd'hui",
    l.unite,
    affiche_maturite(v.maturite) as "Maturité",
    affiche_livraisons(v.livraisons_attendues, v.livraisons_recues, v.livraisons_manquantes)
        as "Livraisons",
    l.verdict,
    l.citation,
    l.objectif,
    l.chiffre,
    l.bilan,
    arrete() as arrete
from lus as l
left join mesures as b on l.chiffre = b.chiffre and b.arrete = l.arrete_bilan
left join mesures as a on l.chiffre = a.chiffre and a.arrete = arrete()
left join indicateurs.lisible as v
    on
        l.indicateur = v.indicateur
        and l.territoire = v.territoire
        and l.periode = v.periode
        and l.ventilation = v.ventilation
        and l.modalite = v.modalite
order by l.ligne, l.chiffre
