-- The tables of a warehouse, with the words that analysts read. Those of extracts
-- (`livraisons.*`, `faits.*`) come from their contracts instead, and views from `assets/bilan/`.

create schema referentiel;
create schema livraisons;
create schema faits;
create schema indicateurs;
create schema rapprochement;
create schema qualite;

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

create table referentiel.indicateurs (
    indicateur varchar,
    objectif integer,
    titre varchar,
    nature varchar,
    unite varchar,
    sens varchar,
    personnes varchar,
    extrait varchar,
    numerateur varchar,
    denominateur varchar,
    ventilations varchar,
    periodes varchar,
    territoires varchar
);
comment on table referentiel.indicateurs is 'Indicateurs calculés, avec leur définition.';
comment on column referentiel.indicateurs.indicateur is 'Identifiant de l''indicateur.';
comment on column referentiel.indicateurs.objectif is 'Numéro de l''objectif de la feuille de route ; vide pour la conclusion.';
comment on column referentiel.indicateurs.titre is 'Titre de l''indicateur.';
comment on column referentiel.indicateurs.nature is 'effectif (se somme), part, moyenne, ou propre (ne se somme pas).';
comment on column referentiel.indicateurs.unite is 'Unité de la valeur.';
comment on column referentiel.indicateurs.sens is 'hausse ou baisse : le sens qui est un progrès.';
comment on column referentiel.indicateurs.personnes is 'oui si la valeur compte des personnes : voir diffusion.';
comment on column referentiel.indicateurs.extrait is 'Extrait dont il est tiré.';
comment on column referentiel.indicateurs.numerateur is 'Ce que compte le numérateur.';
comment on column referentiel.indicateurs.denominateur is 'Ce que compte le dénominateur.';
comment on column referentiel.indicateurs.ventilations is 'Ventilations, séparées par |.';
comment on column referentiel.indicateurs.periodes is 'Types de période, séparés par |.';
comment on column referentiel.indicateurs.territoires is 'departements, academies ou region : les territoires où il est calculé.';

create table referentiel.orientations (
    orientation varchar,
    objectif integer,
    type varchar,
    texte varchar,
    ligne integer,
    mode varchar,
    indicateur varchar,
    ventilation varchar,
    modalite varchar,
    niveau varchar,
    sens varchar,
    valeur_cible double,
    echeance date
);
comment on table referentiel.orientations is 'Orientations de la feuille de route, à suivre.';
comment on column referentiel.orientations.orientation is 'Identifiant de l''orientation.';
comment on column referentiel.orientations.objectif is 'Objectif dont elle relève.';
comment on column referentiel.orientations.type is 'Nature de l''orientation : gouvernance, document, dispositif…';
comment on column referentiel.orientations.texte is 'Texte imprimé dans le bilan.';
comment on column referentiel.orientations.ligne is 'Ligne du bilan imprimé.';
comment on column referentiel.orientations.mode is 'mesure (avec cible), suivi (sans cible) ou declare (par les services).';
comment on column referentiel.orientations.indicateur is 'Indicateur qui la mesure.';
comment on column referentiel.orientations.ventilation is 'Ventilation de cet indicateur.';
comment on column referentiel.orientations.modalite is 'Modalité de cette ventilation.';
comment on column referentiel.orientations.niveau is 'region, ou departements : une ligne par département et une pour la région.';
comment on column referentiel.orientations.sens is 'hausse ou baisse : le sens du progrès.';
comment on column referentiel.orientations.valeur_cible is 'Cible ; celle de chaque département quand niveau vaut departements.';
comment on column referentiel.orientations.echeance is 'Date à laquelle elle doit être réalisée.';

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

create table referentiel.chiffres_publies (
    chiffre varchar,
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
comment on column qualite.livraisons.ignorees is 'Lignes de total, non chargées.';
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
    taux_cible double
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
comment on column indicateurs.valeurs.evolution is 'Évolution en % depuis la même période un an plus tôt.';
comment on column indicateurs.valeurs.multiplicateur is 'Valeur rapportée à celle de la même période un an plus tôt.';
comment on column indicateurs.valeurs.ecart is 'Différence avec la même période un an plus tôt.';
comment on column indicateurs.valeurs.rang is 'Rang parmi les départements, 1 le meilleur dans le sens de l’indicateur.';
comment on column indicateurs.valeurs.valeur_cible is 'Cible de la feuille de route, s’il y en a une.';
comment on column indicateurs.valeurs.taux_cible is 'Valeur en % de la cible.';

create table rapprochement.chiffres (
    chiffre varchar,
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
comment on column rapprochement.chiffres.verdict is 'conforme, explique (l’hypothèse retrouve le chiffre), arrondi (moins d’une unité de la dernière décimale), inexplique ou non_calculable.';
