-- Ce que partagent indicateurs et vues, et que les analystes peuvent appeler dans une console : ces
-- macros sont dans l'entrepôt publié, chacune avec les mots qui la précèdent ici. Celles qui ne
-- servent qu'à une console sont dans analystes.sql.

-- L'arrêté, AAAA-MM : celui de `set variable arrete = '2020-12'`, sinon le plus récent publié.
create or replace macro arrete() as
    coalesce(getvariable('arrete'), (select max(v.arrete) from indicateurs.valeurs as v));

-- Dernier jour d'un mois AAAA-MM.
create or replace macro fin_du_mois(mois) as last_day(cast(mois || '-01' as date));

-- Dernier jour de l'arrêté.
create or replace macro jour_arrete() as fin_du_mois(arrete());

-- Les années commencées à l'arrêté, avec le jour où un état s'y constate.
create or replace macro annees() as table
    select
        cast(a.annee as integer) as annee,
        least(make_date(a.annee, 12, 31), jour_arrete()) as jour
    from generate_series(2000, 2100) as a(annee)
    where make_date(a.annee, 1, 1) <= jour_arrete();

-- Tranche d'âge d'un âge révolu ; sans âge, pas de tranche.
create or replace macro tranche_age(age) as
    case when age < 25 then 'moins_25' when age >= 25 then '25_et_plus' end;

-- Profil d'un signataire renseigné : sexe, date de naissance (donc âge) et motif d'admission.
create or replace macro profil_renseigne(sexe, age, motif_admission) as
    sexe is not null and age is not null and motif_admission is not null;

-- Niveau de langue au moins égal à un seuil, dans l'ordre de referentiel.codes ; faux sans niveau.
create or replace macro atteint_niveau(niveau, seuil) as
    coalesce(
        list_contains(
            (
                select list(c.code)
                from referentiel.codes as c
                where
                    c.liste = 'niveau_langue'
                    and c.ordre >= (
                        select s.ordre
                        from referentiel.codes as s
                        where s.liste = 'niveau_langue' and s.code = seuil
                    )
            ),
            niveau
        ),
        false
    );

-- Niveau de langue A1 ou plus ; faux sans niveau.
create or replace macro atteint_a1(niveau) as atteint_niveau(niveau, 'A1');

-- Un outil déployé un jour donné ; le jour de son retrait est le premier sans lui.
create or replace macro outil_deploye(statut, date_deploiement, date_retrait, jour) as
    statut in ('DEPLOYE', 'RETIRE')
    and date_deploiement <= jour
    and (date_retrait is null or date_retrait > jour);

-- Arrondi au plus près, la moitié vers le haut, comme on arrondit à la main.
create or replace macro arrondi(nombre, decimales) as
    sign(nombre) * floor(abs(nombre) * pow(10, decimales) + 0.5 + 1e-9) / pow(10, decimales) + 0;

-- Un nombre de personnes tel qu'il peut sortir de l'administration : vide (masqué) de 1 à 4, arrondi
-- au multiple de 5 le plus proche à partir de 5 ; 0 reste 0.
create or replace macro diffusable(nombre) as
    case when nombre = 0 then 0 when nombre >= 5 then 5 * arrondi(nombre / 5, 0) end;

-- Un nombre comme le bilan l'imprime, avec 0, 1 ou 2 décimales : « 1 316 », « 48,5 », « 112,10 ».
create or replace macro en_francais(nombre, decimales) as
    translate(
        case decimales
            when 0 then format('{:,.0f}', arrondi(nombre, 0))
            when 1 then format('{:,.1f}', arrondi(nombre, 1))
            else format('{:,.2f}', arrondi(nombre, 2))
        end,
        ',.',
        ' ,'
    );

-- Une valeur et son unité, avec une décimale si elle n'est pas entière : « 48,5 % », « 1 316 ».
create or replace macro affiche(nombre, unite) as
    regexp_replace(en_francais(nombre, 1), ',0$', '')
    || case when unite in ('%', '€') then ' ' || unite else '' end;

-- Une évolution : « + 6,3 % », « - 12 % », « 0 % ».
create or replace macro affiche_evolution(evolution) as
    case sign(arrondi(evolution, 1)) when 1 then '+ ' when -1 then '- ' else '' end
    || affiche(abs(evolution), '%');

-- Un changement : en points pour un taux en % (« + 3,2 points »), en % pour le reste (« + 6,3 % »).
create or replace macro affiche_changement(evolution, ecart, unite) as
    case
        when unite = '%'
            then
                case sign(arrondi(ecart, 1)) when 1 then '+ ' when -1 then '- ' else '' end
                || affiche(abs(ecart), '')
                || case when abs(arrondi(ecart, 1)) >= 2 then ' points' else ' point' end
        else affiche_evolution(evolution)
    end;

-- La maturité d'une valeur, en toutes lettres ; rien pour une valeur consolidée.
create or replace macro affiche_maturite(maturite) as
    case maturite when 'provisoire' then 'provisoire' when 'recente' then 'récente' else '' end;

-- Les livraisons dont vient une valeur : « 12 sur 12 », « 11 sur 12, manque : Nord 2020-11 ».
create or replace macro affiche_livraisons(attendues, recues, manquantes) as
    case
        when attendues is null then ''
        else recues || ' sur ' || attendues || coalesce(', manque : ' || manquantes, '')
    end;

-- Le bilan que montrent les vues : le plus récent, ou celui de `set variable bilan = '2020'`.
create or replace macro bilan_choisi() as
    coalesce(
        cast(getvariable('bilan') as varchar),
        (select max_by(b.bilan, b.arrete || b.bilan) from referentiel.bilans as b)
    );

-- Ce que mesure un chiffre imprimé, dans une ligne d'indicateurs.valeurs (ou d'indicateurs.lisible).
create or replace macro mesuree(une_mesure, une_ligne) as
    case une_mesure
        when 'valeur' then struct_extract(une_ligne, 'valeur')
        when 'numerateur' then struct_extract(une_ligne, 'numerateur')
        when 'denominateur' then struct_extract(une_ligne, 'denominateur')
        when 'part' then struct_extract(une_ligne, 'part')
        when 'evolution' then struct_extract(une_ligne, 'evolution')
        when 'multiplicateur' then struct_extract(une_ligne, 'multiplicateur')
        when 'ecart' then struct_extract(une_ligne, 'ecart')
        when 'rang' then struct_extract(une_ligne, 'rang')
        when 'valeur_cible' then struct_extract(une_ligne, 'valeur_cible')
        when 'taux_cible' then struct_extract(une_ligne, 'taux_cible')
        when 'precedente_a_date' then struct_extract(une_ligne, 'precedente_a_date')
        when 'evolution_a_date' then struct_extract(une_ligne, 'evolution_a_date')
        when 'ecart_a_date' then struct_extract(une_ligne, 'ecart_a_date')
    end;
