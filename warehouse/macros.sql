-- Ce que les indicateurs partagent, et que les analystes peuvent appeler dans une console.
-- Ces macros sont dans l'entrepôt publié. Dans une console, l'arrêté est le plus récent publié ;
-- `set variable arrete = '2020-12'` en choisit un autre pour les dates (les faits restent les mêmes).

-- Mois de l'arrêté en cours de calcul, AAAA-MM.
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

-- Niveau de langue A1 ou plus.
create or replace macro atteint_a1(niveau) as niveau in ('A1', 'A2', 'B1');

-- Un outil déployé un jour donné ; le jour de son retrait est le premier sans lui.
create or replace macro outil_deploye(statut, date_deploiement, date_retrait, jour) as
    statut in ('DEPLOYE', 'RETIRE')
    and date_deploiement <= jour
    and (date_retrait is null or date_retrait > jour);
