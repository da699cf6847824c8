-- The tables of a warehouse, with the words that analysts read. Those of extracts
-- (`livraisons.*`, `faits.*`) come from their contracts instead, and views from `assets/bilan/`.

create schema referentiel;
create schema livraisons;
create schema faits;
create schema historique;
create schema indicateurs;
create schema orientations;
create schema rapprochement;
create schema diffusion;
create schema qualite;
create schema bilan;

create table referentiel.bilans (
    bilan varchar,
    titre varchar,
    annee integer,
    arrete varchar
);
comment on table referentiel.bilans is 'Les bilans imprimés : leurs chiffres y sont rapprochés, leurs orientations en partent.';
comment on column referentiel.bilans.bilan is 'Identifiant du bilan.';
comment on column referentiel.bilans.titre is 'Titre du bilan.';
comment on column referentiel.bilans.annee is 'Année dont il fait le bilan.';
comment on column referentiel.bilans.arrete is 'Arrêté auquel ses chiffres sont lus, AAAA-MM.';

create table referentiel.territoires (
    territoire varchar,
    libelle varchar,
    maille varchar,
    code varchar,
    parent varchar,
    academie varchar
);
comment on table referentiel.territoires is 'Territoires de la feuille de route : la région, ses académies, ses départements, et la France.';
comment on column referentiel.territoires.territoire is 'Identifiant du territoire : FR, R32, A09, D59…';
comment on column referentiel.territoires.libelle is 'Nom du territoire.';
comment on column referentiel.territoires.maille is 'national, region, academie ou departement.';
comment on column referentiel.territoires.code is 'Code du territoire dans les extraits.';
comment on column referentiel.territoires.parent is 'Territoire qui le contient.';
comment on column referentiel.territoires.academie is 'Académie d''un département.';

create table referentiel.objectifs (
    objectif integer,
    priorite integer,
    titre varchar,
    titre_priorite varchar,
    rubrique varchar
);
comment on table referentiel.objectifs is 'Objectifs de la feuille de route, dans l''ordre du sommaire, et leur priorité.';
comment on column referentiel.objectifs.objectif is 'Numéro de l''objectif.';
comment on column referentiel.objectifs.priorite is 'Numéro de la priorité dont il relève.';
comment on column referentiel.objectifs.titre is 'Titre de l''objectif.';
comment on column referentiel.objectifs.titre_priorite is 'Titre de la priorité.';
comment on column referentiel.objectifs.rubrique is 'Liste du bilan où sont ses indicateurs : la vue bilan.* de ce nom.';

create table referentiel.indicateurs (
    indicateur varchar,
    objectif integer,
    titre varchar,
    nature varchar,
    unite varchar,
    sens varchar,
    personnes varchar,
    extrait varchar,
    definition_numerateur varchar,
    definition_denominateur varchar,
    ventilations varchar,
    periodes varchar,
    territoires varchar,
    consolidation integer,
    plafond varchar
);
comment on table referentiel.indicateurs is 'Indicateurs calculés, avec leur définition.';
comment on column referentiel.indicateurs.indicateur is 'Identifiant de l''indicateur.';
comment on column referentiel.indicateurs.objectif is 'Numéro de l''objectif de la feuille de route ; vide pour la conclusion.';
comment on column referentiel.indicateurs.titre is 'Titre de l''indicateur.';
comment on column referentiel.indicateurs.nature is 'effectif (se somme), part, moyenne, ou propre (ne se somme pas).';
comment on column referentiel.indicateurs.unite is 'Unité de la valeur.';
comment on column referentiel.indicateurs.sens is 'hausse ou baisse : le sens qui est un progrès ; neutre s''il n''y en a pas.';
comment on column referentiel.indicateurs.personnes is 'oui si la valeur compte des personnes : voir diffusion.';
comment on column referentiel.indicateurs.extrait is 'Extrait dont il est tiré.';
comment on column referentiel.indicateurs.definition_numerateur is 'Ce que compte le numérateur.';
comment on column referentiel.indicateurs.definition_denominateur is 'Ce que compte le dénominateur.';
comment on column referentiel.indicateurs.ventilations is 'Ventilations, séparées par |.';
comment on column referentiel.indicateurs.periodes is 'Types de période, séparés par |.';
comment on column referentiel.indicateurs.territoires is 'departements, academies ou region : les territoires où il est calculé.';
comment on column referentiel.indicateurs.consolidation is 'Mois après la fin d''une période pendant lesquels sa valeur bouge encore.';
comment on column referentiel.indicateurs.plafond is 'aucun : un taux qui peut dépasser 100 %.';

create table referentiel.orientations (
    orientation varchar,
    bilan varchar,
    genre varchar,
    objectif integer,
    type varchar,
    texte varchar,
    ligne integer,
    mode varchar,
    indicateur varchar,
    ventilation varchar,
    modalite varchar,
    niveau varchar,
    territoire varchar,
    sens varchar,
    valeur_cible double,
    multiple double,
    depart integer,
    echeance date
);
comment on table referentiel.orientations is 'Orientations de la feuille de route, à suivre.';
comment on column referentiel.orientations.orientation is 'Identifiant de l''orientation.';
comment on column referentiel.orientations.bilan is 'Bilan qui la fixe.';
comment on column referentiel.orientations.genre is 'orientation, ou piste : ce que le bilan envisage sans le fixer.';
comment on column referentiel.orientations.objectif is 'Objectif dont elle relève.';
comment on column referentiel.orientations.type is 'Nature de l''orientation : gouvernance, document, dispositif…';
comment on column referentiel.orientations.texte is 'Texte imprimé dans le bilan.';
comment on column referentiel.orientations.ligne is 'Ligne du bilan imprimé.';
comment on column referentiel.orientations.mode is 'mesure (avec cible), suivi (sans cible) ou declare (par les services).';
comment on column referentiel.orientations.indicateur is 'Indicateur qui la mesure.';
comment on column referentiel.orientations.ventilation is 'Ventilation de cet indicateur.';
comment on column referentiel.orientations.modalite is 'Modalité de cette ventilation.';
comment on column referentiel.orientations.niveau is 'region, ou departements : une ligne par département et une pour la région.';
comment on column referentiel.orientations.territoire is 'Le seul territoire suivi, s''il y en a un.';
comment on column referentiel.orientations.sens is 'hausse ou baisse : le sens du progrès.';
comment on column referentiel.orientations.valeur_cible is 'Cible ; celle de chaque département quand niveau vaut departements.';
comment on column referentiel.orientations.multiple is 'Au lieu d''une cible : multiple de sa propre valeur de départ que chaque territoire doit atteindre.';
comment on column referentiel.orientations.depart is 'Année de départ, si ce n''est pas celle du bilan.';
comment on column referentiel.orientations.echeance is 'Date à laquelle elle doit être réalisée.';

create table referentiel.coherences (
    coherence varchar,
    bilan varchar,
    lignes varchar,
    titre varchar,
    relation varchar,
    explication varchar
);
comment on table referentiel.coherences is 'Relations que les chiffres imprimés doivent avoir entre eux.';
comment on column referentiel.coherences.coherence is 'Identifiant de la relation.';
comment on column referentiel.coherences.bilan is 'Bilan qui imprime ces chiffres.';
comment on column referentiel.coherences.lignes is 'Lignes du bilan imprimé, séparées par |.';
comment on column referentiel.coherences.titre is 'Ce que dit la relation.';
comment on column referentiel.coherences.relation is 'Équation entre chiffres imprimés (referentiel.chiffres_publies).';
comment on column referentiel.coherences.explication is 'Explication, si elle ne tient pas.';

create table referentiel.extraits (
    extrait varchar,
    colonne varchar,
    type varchar,
    obligatoire varchar,
    cle varchar,
    liste varchar,
    codes varchar,
    description varchar
);
comment on table referentiel.extraits is 'Les colonnes de tous les extraits, telles que les contrats les disent.';
comment on column referentiel.extraits.extrait is 'Extrait, source/extrait.';
comment on column referentiel.extraits.colonne is 'Colonne de l''extrait.';
comment on column referentiel.extraits.type is 'texte, code, date, mois, annee, entier, decimal, booleen…';
comment on column referentiel.extraits.obligatoire is 'oui si la colonne doit être livrée et remplie.';
comment on column referentiel.extraits.cle is 'oui si elle est de la clé.';
comment on column referentiel.extraits.liste is 'Liste de codes (referentiel.codes), ou de la feuille de route.';
comment on column referentiel.extraits.codes is 'Codes admis, séparés par |.';
comment on column referentiel.extraits.description is 'Ce qu''elle contient, et ses règles.';

create table referentiel.cibles (
    indicateur varchar,
    territoire varchar,
    periode varchar,
    ventilation varchar,
    modalite varchar,
    valeur_cible double,
    source varchar
);
comment on table referentiel.cibles is 'Cibles fixées par la feuille de route.';
comment on column referentiel.cibles.indicateur is 'Indicateur visé.';
comment on column referentiel.cibles.territoire is 'Territoire visé.';
comment on column referentiel.cibles.periode is 'Période visée.';
comment on column referentiel.cibles.ventilation is 'Ventilation visée.';
comment on column referentiel.cibles.modalite is 'Modalité visée.';
comment on column referentiel.cibles.valeur_cible is 'Valeur à atteindre.';
comment on column referentiel.cibles.source is 'Texte qui fixe la cible.';

create table referentiel.codes (
    liste varchar,
    code varchar,
    libelle varchar,
    ordre integer,
    depuis varchar,
    jusque varchar,
    compte_comme varchar
);
comment on table referentiel.codes is 'Listes de codes des extraits, avec leurs libellés.';
comment on column referentiel.codes.liste is 'Nom de la liste.';
comment on column referentiel.codes.code is 'Code, tel que les faits le portent.';
comment on column referentiel.codes.libelle is 'Libellé, qui se livre aussi bien que le code.';
comment on column referentiel.codes.ordre is 'Rang dans la liste.';
comment on column referentiel.codes.depuis is 'Premier mois de livraison où il est un code, AAAA-MM ; vide : toujours.';
comment on column referentiel.codes.jusque is 'Dernier mois où le proposer, AAAA-MM : les modèles ne l''offrent plus, les livraisons peuvent encore le porter.';
comment on column referentiel.codes.compte_comme is 'Code de la même liste sous lequel les indicateurs le comptent ; les faits gardent le code livré.';

create table referentiel.correspondances (
    extrait varchar,
    fichiers varchar,
    genre varchar,
    colonne varchar,
    livre varchar,
    contrat varchar
);
comment on table referentiel.correspondances is 'Comment les partenaires écrivent : ce que leurs fichiers disent autrement que les contrats.';
comment on column referentiel.correspondances.extrait is 'Extrait livré, source/extrait.';
comment on column referentiel.correspondances.fichiers is 'Modèle du nom des fichiers (*_59*) ; vide : tous.';
comment on column referentiel.correspondances.genre is 'colonne, valeur, constante, feuille ou entete.';
comment on column referentiel.correspondances.colonne is 'Colonne du contrat ; vide pour feuille et entete.';
comment on column referentiel.correspondances.livre is 'Ce que le fichier porte : un en-tête, une cellule, un nom de feuille, un nombre de lignes d''en-tête.';
comment on column referentiel.correspondances.contrat is 'Ce qu''il faut y lire : une valeur, une constante ({mois}, {annee}, {partie}, {feuille}), oui ou non, la ligne de l''en-tête.';

create table referentiel.sources (
    source varchar,
    libelle varchar,
    aujourd_hui varchar
);
comment on table referentiel.sources is 'Services qui livrent les extraits.';
comment on column referentiel.sources.source is 'Dossier sous raw/.';
comment on column referentiel.sources.libelle is 'Nom du service à la date du bilan.';
comment on column referentiel.sources.aujourd_hui is 'Nom actuel du service.';

create table referentiel.chiffres_publies (
    chiffre varchar,
    bilan varchar,
    objectif integer,
    libelle varchar,
    indicateur varchar,
    mesure varchar,
    territoire varchar,
    periode varchar,
    ventilation varchar,
    modalite varchar,
    arrete varchar,
    operateur varchar,
    valeur double,
    decimales integer,
    unite varchar,
    ligne integer,
    citation varchar,
    hypothese varchar,
    explication varchar
);
comment on table referentiel.chiffres_publies is 'Chiffres imprimés dans le bilan, un par ligne.';
comment on column referentiel.chiffres_publies.chiffre is 'Identifiant du chiffre.';
comment on column referentiel.chiffres_publies.bilan is 'Bilan qui l''imprime.';
comment on column referentiel.chiffres_publies.objectif is 'Objectif dont il relève ; vide hors des objectifs.';
comment on column referentiel.chiffres_publies.libelle is 'Ce que dit le chiffre.';
comment on column referentiel.chiffres_publies.indicateur is 'Indicateur qui le calcule.';
comment on column referentiel.chiffres_publies.mesure is 'Colonne d''indicateurs.valeurs comparée, ou cible, minimum_departemental, maximum_departemental.';
comment on column referentiel.chiffres_publies.territoire is 'Territoire du chiffre.';
comment on column referentiel.chiffres_publies.periode is 'Période du chiffre.';
comment on column referentiel.chiffres_publies.ventilation is 'Ventilation du chiffre.';
comment on column referentiel.chiffres_publies.modalite is 'Modalité du chiffre.';
comment on column referentiel.chiffres_publies.arrete is 'Arrêté auquel il est lu, AAAA-MM.';
comment on column referentiel.chiffres_publies.operateur is '=, >, >=, < ou <= : comment le texte le donne.';
comment on column referentiel.chiffres_publies.valeur is 'Valeur imprimée.';
comment on column referentiel.chiffres_publies.decimales is 'Nombre de décimales imprimées.';
comment on column referentiel.chiffres_publies.unite is 'Unité imprimée.';
comment on column referentiel.chiffres_publies.ligne is 'Ligne du bilan imprimé.';
comment on column referentiel.chiffres_publies.citation is 'Texte imprimé.';
comment on column referentiel.chiffres_publies.hypothese is 'Calcul qui retrouverait la valeur imprimée.';
comment on column referentiel.chiffres_publies.explication is 'Explication de l''écart.';

create table referentiel.references_nationales (
    indicateur varchar,
    territoire varchar,
    periode varchar,
    valeur double,
    source varchar
);
comment on table referentiel.references_nationales is 'Valeurs nationales imprimées dans le bilan.';
comment on column referentiel.references_nationales.indicateur is 'Indicateur.';
comment on column referentiel.references_nationales.territoire is 'Territoire : FR.';
comment on column referentiel.references_nationales.periode is 'Période.';
comment on column referentiel.references_nationales.valeur is 'Valeur nationale.';
comment on column referentiel.references_nationales.source is 'Texte qui la donne.';

create table referentiel.populations (
    territoire varchar,
    annee integer,
    population bigint,
    source varchar
);
comment on table referentiel.populations is 'Nombre d''habitants des territoires, pour rapporter un effectif à la population (pour_10_000).';
comment on column referentiel.populations.territoire is 'Identifiant du territoire.';
comment on column referentiel.populations.annee is 'Année de la population, au 1er janvier.';
comment on column referentiel.populations.population is 'Nombre d''habitants.';
comment on column referentiel.populations.source is 'Qui la publie, et sous quel nom.';

create table referentiel.corrections (
    extrait varchar,
    cle varchar,
    colonne varchar,
    attendu varchar,
    corrige varchar,
    motif varchar,
    auteur varchar,
    date date,
    statut varchar
);
comment on table referentiel.corrections is 'Registre des corrections : une valeur livrée que l''on sait fausse, et celle que les faits portent à sa place (faits.*.corrige). Les livraisons restent telles quelles. Une correction cesse quand la source ne porte plus la valeur attendue : qualite.controles le dit.';
comment on column referentiel.corrections.extrait is 'source/extrait.';
comment on column referentiel.corrections.cle is 'Valeurs de la clé, dans l''ordre du contrat, séparées par | ; pseudonyme pour une clé personnelle.';
comment on column referentiel.corrections.colonne is 'Colonne corrigée : ni de la clé, ni personnelle.';
comment on column referentiel.corrections.attendu is 'Valeur fausse, telle que livrée ; vide si rien n''est livré.';
comment on column referentiel.corrections.corrige is 'Valeur juste ; vide si l''on sait seulement que la valeur livrée est fausse.';
comment on column referentiel.corrections.motif is 'Pourquoi.';
comment on column referentiel.corrections.auteur is 'Service qui corrige, jamais une personne.';
comment on column referentiel.corrections.date is 'Jour où la correction est inscrite.';
comment on column referentiel.corrections.statut is 'active (appliquée), suspendue, ou levee (la source est corrigée) : les deux dernières ne s''appliquent pas.';

create table qualite.livraisons (
    source varchar,
    extrait varchar,
    mois_livraison varchar,
    fichier varchar,
    sha256 varchar,
    octets bigint,
    lignes bigint,
    acceptees bigint,
    rejetees bigint,
    ignorees bigint,
    statut varchar,
    motif varchar
);
comment on table qualite.livraisons is 'Fichiers livrés, quel que soit leur mois, et ce qu''ils sont devenus.';
comment on column qualite.livraisons.source is 'Service qui livre (premier dossier).';
comment on column qualite.livraisons.extrait is 'Extrait livré (second dossier).';
comment on column qualite.livraisons.mois_livraison is 'Mois de livraison, AAAA-MM.';
comment on column qualite.livraisons.fichier is 'Chemin du fichier sous raw/.';
comment on column qualite.livraisons.sha256 is 'Empreinte SHA-256 du contenu.';
comment on column qualite.livraisons.octets is 'Taille en octets.';
comment on column qualite.livraisons.lignes is 'Lignes non vides lues sous l''en-tête.';
comment on column qualite.livraisons.acceptees is 'Lignes chargées ; 0 dans un fichier refusé.';
comment on column qualite.livraisons.rejetees is 'Lignes qui ont au moins un rejet.';
comment on column qualite.livraisons.ignorees is 'Totaux, notes sous le tableau et en-têtes répétés : comptés, non chargés.';
comment on column qualite.livraisons.statut is 'acceptee, refusee ou remplacee (par une version suivante).';
comment on column qualite.livraisons.motif is 'Motifs du refus.';

create table qualite.rejets (
    source varchar,
    extrait varchar,
    mois_livraison varchar,
    fichier varchar,
    feuille varchar,
    ligne bigint,
    colonne varchar,
    regle varchar,
    valeur varchar,
    message varchar
);
comment on table qualite.rejets is 'Rejets : une règle enfreinte par une ligne d''un fichier livré.';
comment on column qualite.rejets.source is 'Service qui livre.';
comment on column qualite.rejets.extrait is 'Extrait livré.';
comment on column qualite.rejets.mois_livraison is 'Mois de livraison, AAAA-MM.';
comment on column qualite.rejets.fichier is 'Chemin du fichier sous raw/.';
comment on column qualite.rejets.feuille is 'Feuille du classeur ; vide pour un CSV.';
comment on column qualite.rejets.ligne is 'Numéro de la ligne, tel qu’un tableur le montre.';
comment on column qualite.rejets.colonne is 'Colonne en cause ; vide pour toute la ligne.';
comment on column qualite.rejets.regle is 'Règle enfreinte : structure, obligatoire, type, code, borne, coherence, siret, inconnu, date_future, cle_en_double.';
comment on column qualite.rejets.valeur is 'Valeur livrée ; *** quand elle peut concerner une personne.';
comment on column qualite.rejets.message is 'Ce qui est attendu.';

create table qualite.correspondances (
    source varchar,
    extrait varchar,
    mois_livraison varchar,
    fichier varchar,
    genre varchar,
    colonne varchar,
    livre varchar,
    contrat varchar,
    nombre bigint
);
comment on table qualite.correspondances is 'Ce que la lecture de chaque fichier a pris dans correspondances.csv.';
comment on column qualite.correspondances.source is 'Service qui livre.';
comment on column qualite.correspondances.extrait is 'Extrait livré.';
comment on column qualite.correspondances.mois_livraison is 'Mois de livraison, AAAA-MM.';
comment on column qualite.correspondances.fichier is 'Chemin du fichier sous raw/.';
comment on column qualite.correspondances.genre is 'colonne, valeur, constante, feuille ou entete.';
comment on column qualite.correspondances.colonne is 'Colonne du contrat ; vide pour feuille et entete.';
comment on column qualite.correspondances.livre is 'Ce que le fichier porte.';
comment on column qualite.correspondances.contrat is 'Ce qui y est lu.';
comment on column qualite.correspondances.nombre is 'Cellules pour une valeur, lignes pour une constante, feuilles pour une colonne, une feuille et un en-tête (1 pour un CSV).';

create table qualite.doutes (
    source varchar,
    extrait varchar,
    mois_livraison varchar,
    fichier varchar,
    feuille varchar,
    colonne varchar,
    doute varchar,
    nombre bigint,
    premiere_ligne bigint,
    message varchar
);
comment on table qualite.doutes is 'Doutes : ce qui est lu mais a l''air faux, fichier par fichier, acceptés, remplacés ou refusés (qualite.livraisons le dit). Un doute ne rejette et ne refuse rien.';
comment on column qualite.doutes.source is 'Service qui livre.';
comment on column qualite.doutes.extrait is 'Extrait livré.';
comment on column qualite.doutes.mois_livraison is 'Mois de livraison, AAAA-MM.';
comment on column qualite.doutes.fichier is 'Chemin du fichier sous raw/.';
comment on column qualite.doutes.feuille is 'Feuille du classeur ; vide pour un CSV, ou si le doute porte sur tout le fichier.';
comment on column qualite.doutes.colonne is 'Colonne du contrat en cause (pour colonne_ignoree, celle qui manque) ; vide si le doute ne porte pas sur une colonne du contrat.';
comment on column qualite.doutes.doute is 'Sorte de doute : feuille_non_lue, lignes_masquees, formule_sans_valeur, pourcentage, somme, colonne_ignoree, encodage, cles_voisines, siret_arrondi, cellule_fusionnee, separateur_dans_cellule, total, lignes_longues, donnee_personnelle (raw/README.md).';
comment on column qualite.doutes.nombre is 'Lignes ou cellules concernées.';
comment on column qualite.doutes.premiere_ligne is 'Numéro de la première ligne concernée, tel qu’un tableur le montre ; vide si le doute ne porte pas sur des lignes.';
comment on column qualite.doutes.message is 'Ce qui a été vu, et que faire ; jamais le texte d’une cellule.';

create table qualite.attendus (
    source varchar,
    extrait varchar,
    partie varchar,
    mois varchar,
    limite date,
    attendu boolean,
    recu varchar,
    a_l_heure boolean,
    retard_jours integer,
    suivante varchar,
    statut varchar,
    periode varchar,
    disparu varchar
);
comment on table qualite.attendus is 'Qui n''a pas livré : une ligne par livraison attendue et par partie, de la première livraison acceptée de l''extrait au dernier arrêté calculé. Le contrat dit le rythme (mois, trimestre, semestre, an) et le délai ; une livraison répond de la période où tombe le dernier jour de son mois, moins le délai. Dans une période, une livraison est attendue de toutes les parties chaque mois où plus de la moitié d''entre elles sont venues ; si aucun, le dernier mois. Parties attendues : celles déjà livrées, et tous les départements dès que l''un d''eux l''a été ; l''ensemble seul quand l''extrait est livré d''un seul tenant. Un fichier refusé n''est pas reçu. Seuls comptent les mois de livraison : ni le jour du calcul, ni les dates des fichiers.';
comment on column qualite.attendus.source is 'Service qui livre.';
comment on column qualite.attendus.extrait is 'Extrait attendu.';
comment on column qualite.attendus.partie is 'Partie attendue (59, lille…) ; vide pour une livraison d''un seul tenant.';
comment on column qualite.attendus.mois is 'Mois de la livraison attendue, AAAA-MM.';
comment on column qualite.attendus.limite is 'Jour où elle est due : fin de la période (ou du mois, s''il y a d''autres livraisons ensuite dans la période), plus le délai.';
comment on column qualite.attendus.attendu is 'Vrai : elle était attendue ; faux : cette partie est venue sans l''être.';
comment on column qualite.attendus.recu is 'Fichiers acceptés qui en répondent ; vide si rien n''est venu.';
comment on column qualite.attendus.a_l_heure is 'Vrai si elle est reçue : ce qui vient après la limite répond de la période suivante.';
comment on column qualite.attendus.retard_jours is 'Jours de la limite à la livraison suivante de la partie, à défaut au dernier arrêté ; 0 si elle est reçue, ou si le délai court encore.';
comment on column qualite.attendus.suivante is 'Livraison manquante : mois où la partie a livré de nouveau, AAAA-MM.';
comment on column qualite.attendus.statut is 'recue, refusee (un fichier est venu, aucun n''est accepté), disparue (un fichier était publié, il n''est plus livré) ou manquante.';
comment on column qualite.attendus.periode is 'Dernier mois de la période dont elle répond, AAAA-MM.';
comment on column qualite.attendus.disparu is 'Fichiers publiés naguère qui ne sont plus dans raw/, sans que bilan refresh --sans-livraisons-disparues ait dit que c''est voulu ; vide s''il n''y en a pas.';

create table indicateurs.valeurs (
    indicateur varchar,
    territoire varchar,
    periode varchar,
    type_periode varchar,
    provisoire boolean,
    ventilation varchar,
    modalite varchar,
    arrete varchar,
    numerateur double,
    denominateur double,
    valeur double,
    part double,
    evolution double,
    multiplicateur double,
    ecart double,
    rang bigint,
    valeur_cible double,
    taux_cible double,
    debut date,
    fin date,
    maturite varchar,
    precedente_a_date double,
    evolution_a_date double,
    ecart_a_date double
);
comment on table indicateurs.valeurs is 'Valeurs des indicateurs : une par territoire, période, modalité et arrêté.';
comment on column indicateurs.valeurs.indicateur is 'Identifiant de l''indicateur.';
comment on column indicateurs.valeurs.territoire is 'Identifiant du territoire.';
comment on column indicateurs.valeurs.periode is '2019, 2018-2019, 2019-03 ou cumul.';
comment on column indicateurs.valeurs.type_periode is 'annee, annee_scolaire, mois ou cumul.';
comment on column indicateurs.valeurs.provisoire is 'Vrai si la période finit après le dernier jour de l''arrêté.';
comment on column indicateurs.valeurs.ventilation is 'total, ou la colonne qui ventile.';
comment on column indicateurs.valeurs.modalite is 'total, ou la modalité ; non_renseigne quand la colonne est vide.';
comment on column indicateurs.valeurs.arrete is 'Arrêté : le mois dont les livraisons sont les dernières lues, AAAA-MM.';
comment on column indicateurs.valeurs.numerateur is 'Numérateur ; vide si rien n’a été livré.';
comment on column indicateurs.valeurs.denominateur is 'Dénominateur des parts et des moyennes.';
comment on column indicateurs.valeurs.valeur is 'Valeur, sans arrondi.';
comment on column indicateurs.valeurs.part is 'Part en % de la modalité parmi les modalités renseignées (effectifs).';
comment on column indicateurs.valeurs.evolution is 'Évolution en % depuis la même période un an plus tôt ; vide tant que la période n''est pas finie, entièrement livrée et, si sa consolidation dépasse trois mois, consolidée, ou s''il manque un mois à l''une des deux.';
comment on column indicateurs.valeurs.multiplicateur is 'Valeur rapportée à celle de la même période un an plus tôt.';
comment on column indicateurs.valeurs.ecart is 'Différence avec la même période un an plus tôt.';
comment on column indicateurs.valeurs.rang is 'Rang parmi les départements, 1 le meilleur dans le sens de l’indicateur.';
comment on column indicateurs.valeurs.valeur_cible is 'Cible de la feuille de route, s’il y en a une.';
comment on column indicateurs.valeurs.taux_cible is 'Valeur en % de la cible.';
comment on column indicateurs.valeurs.debut is 'Premier jour de la période ; vide pour un cumul.';
comment on column indicateurs.valeurs.fin is 'Dernier jour de la période ; pour un cumul, celui de l''arrêté.';
comment on column indicateurs.valeurs.maturite is 'provisoire (la période n''est pas finie), recente (elle l''est, mais des lignes peuvent encore venir pendant les mois de consolidation de l''indicateur) ou consolidee.';
comment on column indicateurs.valeurs.precedente_a_date is 'Année en cours d''un indicateur daté au jour ou au mois : valeur de l''année précédente, comptée jusqu''au même mois que la dernière livraison.';
comment on column indicateurs.valeurs.evolution_a_date is 'Évolution en % depuis l''année précédente, au même mois.';
comment on column indicateurs.valeurs.ecart_a_date is 'Différence avec l''année précédente, au même mois.';

create table indicateurs.a_date (
    indicateur varchar,
    territoire varchar,
    periode varchar,
    type_periode varchar,
    ventilation varchar,
    modalite varchar,
    arrete varchar,
    numerateur double,
    denominateur double
);
comment on table indicateurs.a_date is 'Ce que comptent les precedente_a_date d''indicateurs.valeurs : l''année précédente, jusqu''au même mois.';
comment on column indicateurs.a_date.indicateur is 'Identifiant de l''indicateur.';
comment on column indicateurs.a_date.territoire is 'Identifiant du territoire.';
comment on column indicateurs.a_date.periode is 'L''année en cours, que celle-ci précède.';
comment on column indicateurs.a_date.type_periode is 'annee.';
comment on column indicateurs.a_date.ventilation is 'total, ou la colonne qui ventile.';
comment on column indicateurs.a_date.modalite is 'total, ou la modalité ; non_renseigne quand la colonne est vide.';
comment on column indicateurs.a_date.arrete is 'Arrêté, AAAA-MM.';
comment on column indicateurs.a_date.numerateur is 'Numérateur de l''année précédente à date.';
comment on column indicateurs.a_date.denominateur is 'Dénominateur de l''année précédente à date, pour une part ou une moyenne.';

create table orientations.avancement (
    orientation varchar,
    objectif integer,
    territoire varchar,
    arrete varchar,
    mode varchar,
    indicateur varchar,
    valeur_initiale double,
    valeur_actuelle double,
    valeur_cible double,
    taux_atteinte double,
    taux_avancement double,
    statut varchar,
    echeance date,
    en_retard boolean,
    date_constat date,
    responsable varchar,
    commentaire varchar,
    bilan varchar,
    genre varchar,
    periode varchar
);
comment on table orientations.avancement is 'Avancement des orientations : une ligne par orientation, territoire et arrêté.';
comment on column orientations.avancement.orientation is 'Identifiant de l''orientation.';
comment on column orientations.avancement.objectif is 'Objectif dont elle relève.';
comment on column orientations.avancement.territoire is 'Identifiant du territoire.';
comment on column orientations.avancement.arrete is 'Arrêté : le mois dont les livraisons sont les dernières lues, AAAA-MM.';
comment on column orientations.avancement.mode is 'mesure (avec cible), suivi (sans cible) ou declare (par les services).';
comment on column orientations.avancement.indicateur is 'Indicateur qui la mesure ; vide si elle est seulement déclarée.';
comment on column orientations.avancement.valeur_initiale is 'Indicateur dans l''année du bilan (ou l''année de départ de l''orientation), à l''arrêté du bilan ; vide aux arrêtés antérieurs.';
comment on column orientations.avancement.valeur_actuelle is 'Indicateur dans la période suivie, à l''arrêté.';
comment on column orientations.avancement.valeur_cible is 'Cible sur ce territoire ; pour la région, celle d''un département si c''est un taux, leur somme sinon ; le multiple de sa valeur initiale, s''il y en a un.';
comment on column orientations.avancement.taux_atteinte is 'Valeur actuelle en % de la cible.';
comment on column orientations.avancement.taux_avancement is 'Chemin parcouru depuis la valeur initiale, en % du chemin jusqu''à la cible, sans borne ; vide tant que la période d''une cohorte n''est pas consolidée ; mode declare : avancement déclaré.';
comment on column orientations.avancement.statut is 'Statut déclaré s''il y en a un sur ce territoire ; sinon, d''après les valeurs, REALISE, EN_COURS, A_VENIR ou NON_RENSEIGNE.';
comment on column orientations.avancement.echeance is 'Date à laquelle elle doit être réalisée.';
comment on column orientations.avancement.en_retard is 'Vrai si l''échéance précède le dernier jour de l''arrêté et que le statut n''est ni REALISE ni ABANDONNE ; faux pour un suivi sans constat, et tant que l''état à l''échéance n''est pas connu.';
comment on column orientations.avancement.date_constat is 'Date du constat déclaré le plus récent sur ce territoire.';
comment on column orientations.avancement.responsable is 'Service responsable, selon ce constat.';
comment on column orientations.avancement.commentaire is 'Commentaire de ce constat.';
comment on column orientations.avancement.bilan is 'Bilan qui la fixe.';
comment on column orientations.avancement.genre is 'orientation, ou piste : ce que le bilan envisage sans le fixer.';
comment on column orientations.avancement.periode is 'Période suivie : la plus récente qui a une valeur dans la région, sans dépasser l''arrêté ni l''échéance ; vide si elle est seulement déclarée.';

create table rapprochement.chiffres (
    chiffre varchar,
    bilan varchar,
    objectif integer,
    libelle varchar,
    indicateur varchar,
    mesure varchar,
    territoire varchar,
    periode varchar,
    ventilation varchar,
    modalite varchar,
    arrete varchar,
    operateur varchar,
    valeur double,
    decimales integer,
    unite varchar,
    ligne integer,
    citation varchar,
    hypothese varchar,
    explication varchar,
    valeur_calculee double,
    ecart double,
    verdict varchar
);
comment on table rapprochement.chiffres is 'Chiffres imprimés comparés à ce que disent les données.';
comment on column rapprochement.chiffres.chiffre is 'Identifiant du chiffre.';
comment on column rapprochement.chiffres.bilan is 'Bilan qui l''imprime.';
comment on column rapprochement.chiffres.objectif is 'Objectif dont il relève ; vide hors des objectifs.';
comment on column rapprochement.chiffres.libelle is 'Ce que dit le chiffre.';
comment on column rapprochement.chiffres.indicateur is 'Indicateur qui le calcule.';
comment on column rapprochement.chiffres.mesure is 'Colonne d''indicateurs.valeurs comparée, ou cible, minimum_departemental, maximum_departemental.';
comment on column rapprochement.chiffres.territoire is 'Territoire du chiffre.';
comment on column rapprochement.chiffres.periode is 'Période du chiffre.';
comment on column rapprochement.chiffres.ventilation is 'Ventilation du chiffre.';
comment on column rapprochement.chiffres.modalite is 'Modalité du chiffre.';
comment on column rapprochement.chiffres.arrete is 'Arrêté auquel il est lu, AAAA-MM.';
comment on column rapprochement.chiffres.operateur is '=, >, >=, < ou <= : comment le texte le donne.';
comment on column rapprochement.chiffres.valeur is 'Valeur imprimée.';
comment on column rapprochement.chiffres.decimales is 'Nombre de décimales imprimées.';
comment on column rapprochement.chiffres.unite is 'Unité imprimée.';
comment on column rapprochement.chiffres.ligne is 'Ligne du bilan imprimé.';
comment on column rapprochement.chiffres.citation is 'Texte imprimé.';
comment on column rapprochement.chiffres.hypothese is 'Calcul qui retrouverait la valeur imprimée.';
comment on column rapprochement.chiffres.explication is 'Explication de l''écart.';
comment on column rapprochement.chiffres.valeur_calculee is 'Valeur calculée à cet arrêté.';
comment on column rapprochement.chiffres.ecart is 'Valeur calculée moins valeur imprimée.';
comment on column rapprochement.chiffres.verdict is 'conforme, explique (l’hypothèse retrouve le chiffre), proche (moins d’une unité de la dernière décimale), inexplique ou non_calculable.';

create table rapprochement.coherences (
    coherence varchar,
    bilan varchar,
    lignes varchar,
    titre varchar,
    relation varchar,
    explication varchar,
    gauche double,
    droite double,
    tient boolean
);
comment on table rapprochement.coherences is 'Relations entre chiffres imprimés : celles qui tiennent, et les autres.';
comment on column rapprochement.coherences.coherence is 'Identifiant de la relation.';
comment on column rapprochement.coherences.bilan is 'Bilan qui imprime ces chiffres.';
comment on column rapprochement.coherences.lignes is 'Lignes du bilan imprimé, séparées par |.';
comment on column rapprochement.coherences.titre is 'Ce que dit la relation.';
comment on column rapprochement.coherences.relation is 'Équation entre chiffres imprimés (referentiel.chiffres_publies).';
comment on column rapprochement.coherences.explication is 'Explication, si elle ne tient pas.';
comment on column rapprochement.coherences.gauche is 'Membre de gauche, selon les chiffres imprimés.';
comment on column rapprochement.coherences.droite is 'Membre de droite.';
comment on column rapprochement.coherences.tient is 'Vrai si la gauche est égale à la droite arrondie à ses décimales imprimées (à l''entier si la gauche est une somme).';

create table diffusion.valeurs (
    indicateur varchar,
    territoire varchar,
    periode varchar,
    type_periode varchar,
    provisoire boolean,
    ventilation varchar,
    modalite varchar,
    arrete varchar,
    numerateur double,
    denominateur double,
    valeur double,
    part double,
    evolution double,
    multiplicateur double,
    ecart double,
    rang bigint,
    valeur_cible double,
    taux_cible double,
    debut date,
    fin date,
    maturite varchar,
    precedente_a_date double,
    evolution_a_date double,
    ecart_a_date double,
    masque boolean
);
comment on table diffusion.valeurs is 'Ce qui peut sortir de l''administration : indicateurs.valeurs au dernier arrêté, où les effectifs de personnes sont masqués sous 5 et arrondis au multiple de 5 ; d''autres sont masqués pour qu''aucun de ceux-là ne se déduise du reste.';
comment on column diffusion.valeurs.indicateur is 'Identifiant de l''indicateur.';
comment on column diffusion.valeurs.territoire is 'Identifiant du territoire.';
comment on column diffusion.valeurs.periode is '2019, 2018-2019, 2019-03 ou cumul.';
comment on column diffusion.valeurs.type_periode is 'annee, annee_scolaire, mois ou cumul.';
comment on column diffusion.valeurs.provisoire is 'Vrai si la période finit après le dernier jour de l''arrêté.';
comment on column diffusion.valeurs.ventilation is 'total, ou la colonne qui ventile.';
comment on column diffusion.valeurs.modalite is 'total, ou la modalité ; non_renseigne quand la colonne est vide.';
comment on column diffusion.valeurs.arrete is 'Arrêté : le plus récent calculé, AAAA-MM.';
comment on column diffusion.valeurs.numerateur is 'Numérateur ; personnes : vide de 1 à 4, ou s''il donnerait un autre effectif, sinon arrondi au multiple de 5 le plus proche.';
comment on column diffusion.valeurs.denominateur is 'Dénominateur des parts et des moyennes, masqué et arrondi comme le numérateur.';
comment on column diffusion.valeurs.valeur is 'Valeur recalculée sur ces nombres, sans autre arrondi ; vide si l’un d’eux est masqué, et, pour un taux ou une moyenne de personnes, sur moins de 30.';
comment on column diffusion.valeurs.part is 'Part en % de la modalité parmi les modalités renseignées (effectifs) ; vide si une modalité de la ventilation est masquée, ou sur moins de 30 personnes en tout.';
comment on column diffusion.valeurs.evolution is 'Évolution en % depuis la même période un an plus tôt ; d''un effectif de personnes, à partir de 30.';
comment on column diffusion.valeurs.multiplicateur is 'Valeur rapportée à celle de la même période un an plus tôt.';
comment on column diffusion.valeurs.ecart is 'Différence avec la même période un an plus tôt.';
comment on column diffusion.valeurs.rang is 'Rang parmi les départements, 1 le meilleur dans le sens de l’indicateur ; personnes : vide si la valeur d’un département n’est pas montrée.';
comment on column diffusion.valeurs.valeur_cible is 'Cible de la feuille de route, s’il y en a une.';
comment on column diffusion.valeurs.taux_cible is 'Valeur en % de la cible.';
comment on column diffusion.valeurs.debut is 'Premier jour de la période ; vide pour un cumul.';
comment on column diffusion.valeurs.fin is 'Dernier jour de la période ; pour un cumul, celui de l''arrêté.';
comment on column diffusion.valeurs.maturite is 'provisoire (la période n''est pas finie), recente (elle l''est, mais des lignes peuvent encore venir pendant les mois de consolidation de l''indicateur) ou consolidee.';
comment on column diffusion.valeurs.precedente_a_date is 'Année en cours d''un indicateur daté au jour ou au mois : valeur de l''année précédente, comptée jusqu''au même mois que la dernière livraison.';
comment on column diffusion.valeurs.evolution_a_date is 'Évolution en % depuis l''année précédente, au même mois.';
comment on column diffusion.valeurs.ecart_a_date is 'Différence avec l''année précédente, au même mois.';
comment on column diffusion.valeurs.masque is 'Vrai si le numérateur ou le dénominateur de la ligne est masqué : il compte de 1 à 4 personnes, ou donnerait un tel effectif.';

create table qualite.controles (
    arrete varchar,
    controle varchar,
    objet varchar,
    severite varchar,
    reussi boolean,
    observe varchar,
    attendu varchar,
    message varchar
);
comment on table qualite.controles is 'Contrôles de chaque rafraîchissement : ce qui est observé, et ce qui est attendu.';
comment on column qualite.controles.arrete is 'Dernier arrêté calculé par le rafraîchissement, AAAA-MM.';
comment on column qualite.controles.controle is 'Nom du contrôle.';
comment on column qualite.controles.objet is 'Ce qui est contrôlé : une table, un extrait ou un indicateur.';
comment on column qualite.controles.severite is 'bloquant : ce qui échoue n’est pas publié ; signalement : à vérifier par une personne.';
comment on column qualite.controles.reussi is 'Vrai si le contrôle est passé.';
comment on column qualite.controles.observe is 'Ce qui est observé ; pour un contrôle bloquant, le nombre de lignes en défaut.';
comment on column qualite.controles.attendu is 'Ce qui est attendu.';
comment on column qualite.controles.message is 'En une phrase, ce que le contrôle a constaté.';

create table qualite.cle (
    empreinte varchar
);
comment on table qualite.cle is 'La clé des pseudonymes de cet entrepôt, par son empreinte : une ligne.';
comment on column qualite.cle.empreinte is 'La même dans deux entrepôts si leurs pseudonymes se comparent ; la clé ne s''en déduit pas.';

create table qualite.arretes (
    arrete varchar,
    objet varchar,
    empreinte varchar,
    a_jour boolean
);
comment on table qualite.arretes is 'Sur quoi repose chaque mois publié, et s''il serait le même calculé aujourd''hui.';
comment on column qualite.arretes.arrete is 'Arrêté publié, AAAA-MM.';
comment on column qualite.arretes.objet is 'Un extrait (source/extrait), feuille_de_route ou programme.';
comment on column qualite.arretes.empreinte is 'Empreinte de ce que l''arrêté en a lu ; vide s''il n''en avait rien lu, ou avant que ce soit noté.';
comment on column qualite.arretes.a_jour is 'Faux : il a changé depuis que l''arrêté a été calculé, le recalculer (bilan refresh --depuis).';
