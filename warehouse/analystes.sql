-- Ce que les analystes appellent dans une console : ces macros sont dans l'entrepôt publié, chacune
-- avec les mots qui la précèdent ici. Aucun indicateur ni aucune vue ne s'en sert. `faits_au` et
-- `lignes`, et les vues qu'elles lisent, sont dans pipelines/entrepot/provenance.py.
--
-- Les alias commencent par _, et referentiel.indicateurs n'est lu qu'à part : un argument qui est une
-- colonne garde l'alias de sa requête (t.libelle, territoires.libelle), que rien ici ne doit porter.

-- Un nom sans casse, accents ni signes, pour le comparer : « Pas-de-Calais » est « pas de calais ».
create or replace macro plier(nom) as
    trim(regexp_replace(lower(strip_accents(cast(nom as varchar))), '[^a-z0-9]+', ' ', 'g'));

-- L'identifiant d'un territoire écrit par son identifiant, son code ou son nom : D59 pour « Nord »,
-- « nord », « 59 » ou « D59 ». Un territoire inconnu est une erreur.
create or replace macro territoire_de(un_nom) as (
    select
        case
            when un_nom is null then null
            when count(*) > 0 then min_by(_t.territoire, _t.rang)
            else error(
                'Le territoire « ' || cast(un_nom as varchar) || ' » est inconnu. Écrire son nom, son '
                || 'code ou son identifiant (Nord, 59 ou D59) : referentiel.territoires les liste.'
            )
        end
    from (
        select
            _r.territoire,
            _r.libelle,
            _r.code,
            list_position(['departement', 'region', 'academie', 'national'], _r.maille) as rang
        from referentiel.territoires as _r
    ) as _t
    where
        plier(un_nom) in (
            plier(_t.territoire), plier(_t.libelle), plier(_t.code), plier(ltrim(_t.code, '0'))
        )
);

-- Un indicateur, s'il existe ; sinon une erreur, qui nomme le plus proche.
create or replace macro indicateur_de(un_nom) as (
    select
        case
            when un_nom is null then null
            when bool_or(_i.indicateur = un_nom) then un_nom
            else error(
                'L''indicateur « ' || un_nom || ' » est inconnu. Le plus proche : '
                || min_by(_i.indicateur, levenshtein(_i.indicateur, un_nom))
                || '. referentiel.indicateurs les liste tous.'
            )
        end
    from (select _j.indicateur from referentiel.indicateurs as _j) as _i
);

-- Un mois AAAA-MM, s'il n'est pas après le dernier arrêté publié ; sinon une erreur.
create or replace macro arrete_de(un_mois) as
    case
        when un_mois is null then null
        when
            regexp_full_match(un_mois, '[0-9]{4}-(0[1-9]|1[0-2])')
            and un_mois <= (select max(_v.arrete) from indicateurs.valeurs as _v)
            then un_mois
        else error(
            'L''arrêté « ' || un_mois || ' » est inconnu : un mois AAAA-MM, jusqu''à '
            || (select max(_v.arrete) from indicateurs.valeurs as _v) || ', dernier arrêté publié.'
        )
    end;

-- La valeur d'un indicateur, ensemble de la population, à l'arrêté ; vide s'il n'y en a pas. Le
-- territoire s'écrit par son nom, son code ou son identifiant.
-- `select valeur('cir_taux_a1', 'Nord', '2019')`
create or replace macro valeur(un_indicateur, un_territoire, une_periode) as (
    select _v.valeur
    from indicateurs.valeurs as _v
    where
        _v.indicateur = indicateur_de(un_indicateur)
        and _v.territoire = territoire_de(un_territoire)
        and _v.periode = une_periode
        and _v.ventilation = 'total'
        and _v.arrete = arrete()
);

-- La même, avec ce qu'il faut pour la lire : ses deux termes, sa maturité, ce dont elle a changé en
-- un an et à date. `from valeur('cir_taux_a1', 'Nord', '2019')`
create or replace macro valeur(un_indicateur, un_territoire, une_periode) as table
    select
        _i.titre,
        _i.unite,
        _t.libelle as territoire,
        _v.periode,
        _v.valeur,
        _v.numerateur,
        _v.denominateur,
        _v.maturite,
        _v.evolution,
        _v.ecart,
        _v.precedente_a_date,
        _v.evolution_a_date,
        _v.ecart_a_date,
        _v.rang,
        _v.arrete
    from indicateurs.valeurs as _v
    join referentiel.indicateurs as _i on _v.indicateur = _i.indicateur
    join referentiel.territoires as _t on _v.territoire = _t.territoire
    where
        _v.indicateur = indicateur_de(un_indicateur)
        and _v.territoire = territoire_de(un_territoire)
        and _v.periode = une_periode
        and _v.ventilation = 'total'
        and _v.arrete = arrete();

-- Un indicateur à l'arrêté, ensemble de la population : une ligne par période et territoire.
-- `from serie('cir_signataires') where territoire = 'Aisne'`
create or replace macro serie(un_indicateur) as table
    select
        _v.type_periode,
        _v.periode,
        _t.libelle as territoire,
        _v.valeur,
        _v.evolution,
        _v.rang,
        _v.provisoire,
        _v.arrete,
        _v.maturite,
        _v.ecart,
        _v.precedente_a_date,
        _v.evolution_a_date,
        _v.ecart_a_date,
        _v.debut,
        _v.fin
    from indicateurs.valeurs as _v
    join referentiel.territoires as _t on _v.territoire = _t.territoire
    where
        _v.indicateur = indicateur_de(un_indicateur)
        and _v.ventilation = 'total'
        and _v.arrete = arrete()
    order by _v.type_periode, _v.periode, _t.rowid;

-- La population d'un territoire à un jour : la plus récente dont l'année n'est pas après ce jour,
-- sinon la plus ancienne ; vide si aucune n'est connue. `select population('Nord', date '2020-12-31')`
create or replace macro population(un_territoire, un_jour) as (
    select
        coalesce(
            max_by(_p.population, _p.annee) filter (_p.annee <= year(un_jour)),
            min_by(_p.population, _p.annee)
        )
    from referentiel.populations as _p
    where _p.territoire = territoire_de(un_territoire)
);

-- Un effectif, ensemble de la population, pour 10 000 habitants du territoire à la fin de la période ;
-- une erreur pour un taux, une moyenne, une durée. `select pour_10_000('cir_signataires', 'Nord', '2020')`
create or replace macro pour_10_000(un_indicateur, un_territoire, une_periode) as (
    select
        case
            when _i.nature = 'effectif' then 10000 * _v.valeur / population(un_territoire, _v.fin)
            else error(
                'pour_10_000 rapporte un effectif à la population : « ' || _i.indicateur
                || ' » est de nature ' || _i.nature || '.'
            )
        end
    from indicateurs.valeurs as _v
    join (select _j.indicateur, _j.nature from referentiel.indicateurs as _j) as _i
        on _v.indicateur = _i.indicateur
    where
        _v.indicateur = indicateur_de(un_indicateur)
        and _v.territoire = territoire_de(un_territoire)
        and _v.periode = une_periode
        and _v.ventilation = 'total'
        and _v.arrete = arrete()
);
