"""Every rule of every extract: one valid row, one change, exactly the rejections it calls for.

A change is written `colonne=texte & colonne=texte`; what it calls for, `colonne:regle`, or nothing
where the row is still accepted. Everything is delivered in March 2020.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.ingestion.essais import charger, controle, texte_csv, toutes
from tests.tableaux import lignes

FIN_DE_MARS = date(2020, 3, 31)


def cellules(texte: str) -> dict[str, str]:
    """`a=1 & b=` as cells."""
    paires = [paire.strip().partition("=") for paire in texte.split("&")]
    return {nom: valeur for nom, _, valeur in paires}


@dataclass(frozen=True)
class Extrait:
    """A valid row, which columns must be filled, which make the key, and what changes call for."""

    valide: str
    obligatoires: str
    cle: str
    changements: str


EXTRAITS = {
    "ofii/cir_signataires": Extrait(
        valide="""numero_cir=C1 & numero_etranger=0123456789 & departement=59
            & date_titre=2/1/2020 & date_convocation=15/1/2020 & date_signature=1/2/2020 & sexe=F
            & date_naissance=1/2/1990 & nationalite=SYR & motif_admission=HUM & bpi=O
            & niveau_initial=INFRA_A1 & heures_prescrites=400 & heures_realisees=390
            & date_fin_formation=1/3/2020 & niveau_atteint=A1 & jours_formation_civique=4""",
        obligatoires="numero_cir numero_etranger departement date_signature",
        cle="numero_cir",
        changements="""
            changement                                          | attendu
            numero_etranger=012345678                           | numero_etranger:type
            numero_etranger=01234567890                         | numero_etranger:type
            numero_etranger=01234 5678                          | numero_etranger:type
            numero_etranger=O123456789                          | numero_etranger:type
            numero_etranger=1,23E+09                            | numero_etranger:type
            numero_cir=1,02E+11                                 | numero_cir:type
            departement=75                                      | departement:code
            departement=Nord                                    | -
            departement=59 - Nord                               | -
            departement=Paris                                   | departement:code
            departement=2                                       | -
            date_titre=15/1/2020                                | -
            date_titre=16/1/2020                                | date_titre:coherence
            date_titre=31/6/2019                                | date_titre:type
            date_titre=31/12/1999                               | date_titre:borne
            date_titre=16/1/2020 & date_convocation=            | -
            date_titre=16/1/2020 & date_convocation=?           | date_convocation:type
            date_convocation=1/2/2020                           | -
            date_convocation=2/2/2020                           | date_convocation:coherence
            date_convocation=2/2/2020 & date_signature=         | date_signature:obligatoire
            date_convocation=2/2/2020 & date_signature=x        | date_signature:type
            date_convocation=1/1/2020                           | date_titre:coherence
            date_signature=31/3/2020 & date_fin_formation=      | -
            date_signature=1/4/2020 & date_fin_formation=       | date_signature:date_future
            date_signature=31/12/1999 & date_convocation= & date_naissance= | date_signature:borne
            date_signature=14/1/2020                            | date_convocation:coherence
            date_signature=43862                                | date_signature:type
            sexe=f                                              | -
            sexe=Femmes                                         | -
            sexe=Madame                                         | sexe:code
            date_naissance=1/2/2004                             | -
            date_naissance=2/2/2004                             | date_naissance:borne
            date_naissance=2/2/1909                             | -
            date_naissance=1/2/1909                             | date_naissance:borne
            date_naissance=31/12/1899                           | date_naissance:borne
            date_naissance=2/2/2020                             | date_naissance:borne
            date_naissance=1/1/2101                             | date_naissance:borne
            date_naissance=1990                                 | date_naissance:type
            date_naissance=2/2/2004 & date_signature=           | date_signature:obligatoire
            date_naissance=31/12/1899 & date_signature=x | date_naissance:borne date_signature:type
            nationalite=syr                                     | -
            nationalite=SY                                      | -
            nationalite=Géorgie                                 | -
            nationalite=ZZZ                                     | nationalite:type
            nationalite=SYRI                                    | nationalite:type
            nationalite=SY1                                     | nationalite:type
            motif_admission=Hum                                 | -
            motif_admission=XXX                                 | motif_admission:code
            bpi=peut-être                                       | bpi:type
            niveau_initial=infra a1                             | -
            niveau_initial=B2                                   | -
            niveau_initial=A1.1                                 | -
            niveau_initial=C1                                   | niveau_initial:code
            heures_prescrites=0                                 | -
            heures_prescrites=600,0                             | -
            heures_prescrites=300                               | heures_prescrites:code
            heures_prescrites=200 heures                        | -
            heures_prescrites=-100                              | heures_prescrites:code
            heures_prescrites=100,5                             | heures_prescrites:type
            heures_realisees=0                                  | -
            heures_realisees=800                                | -
            heures_realisees=801                                | heures_realisees:borne
            heures_realisees=-1                                 | heures_realisees:borne
            heures_realisees=12,5                               | heures_realisees:type
            heures_realisees=99999999999999999999               | heures_realisees:borne
            date_fin_formation=1/2/2020                         | -
            date_fin_formation=31/1/2020                        | date_fin_formation:coherence
            date_fin_formation=1/6/2021                         | -
            date_fin_formation=1/6/1999 | date_fin_formation:borne date_fin_formation:coherence
            niveau_atteint=C1                                   | niveau_atteint:code
            jours_formation_civique=0                           | -
            jours_formation_civique=5                           | jours_formation_civique:borne
            jours_formation_civique=-1                          | jours_formation_civique:borne
            jours_formation_civique=quatre                      | jours_formation_civique:type
            sexe=X & bpi=? & departement= | sexe:code bpi:type departement:obligatoire
        """,
    ),
    "ddcs/projets": Extrait(
        valide="""exercice=2019 & numero_projet=P1 & departement=02 & action=12 & porteur=CCAS
            & siret=73282932000074 & intitule=Ateliers & dispositif=PIAL & axe=LANGUE
            & visee_professionnelle=O & public_jeune=N & charge_securisation=N
            & referent_logement=N & montant_accorde=1500,50 & beneficiaires_prevus=30
            & beneficiaires_realises=20 & dont_moins_25=10 & heures_formation=100
            & accompagnes_emploi=8 & reprises_etudes=1 & entrees_formation=2 & sorties_emploi=3
            & jeunes_insertion=4 & heberges=5 & statut=TERMINE""",
        obligatoires="exercice numero_projet departement action porteur intitule axe statut",
        cle="exercice numero_projet",
        changements="""
            changement                        | attendu
            exercice=2015                     | -
            exercice=2014                     | exercice:borne
            exercice=2100                     | -
            exercice=2101                     | exercice:borne
            exercice=2019-2020                | exercice:type
            exercice=2019,0                   | -
            departement=62000                 | departement:code
            action=15                         | -
            action=13                         | action:code
            siret=732 829 320 00074           | -
            siret=73282932000075              | siret:siret
            siret=37282932000074              | siret:siret
            siret=7328293200007               | siret:siret
            siret=732829320000740             | siret:siret
            siret=7328293200007A              | siret:siret
            siret=732829320                   | siret:siret
            siret=7,32829E+13                 | siret:type
            siret=inconnu                     | siret:siret
            siret=35600000000048              | -
            siret=35600000009075              | -
            siret=35600000009076              | siret:siret
            siret=35600000100005              | siret:siret
            dispositif=Un autre               | -
            axe=culture/sport                 | axe:code
            axe=Culture sport                 | -
            visee_professionnelle=oui         | -
            visee_professionnelle=X | -
            visee_professionnelle=Y | visee_professionnelle:type
            public_jeune=X | -
            public_jeune=Y | public_jeune:type
            charge_securisation=X | -
            charge_securisation=Y | charge_securisation:type
            referent_logement=X | -
            referent_logement=Y | referent_logement:type
            montant_accorde=0                 | -
            montant_accorde=1 500,5           | -
            montant_accorde=-0,01             | montant_accorde:borne
            montant_accorde=5 250,00 €        | -
            montant_accorde=12.500            | montant_accorde:type
            beneficiaires_prevus=0            | -
            beneficiaires_prevus=-1           | beneficiaires_prevus:borne
            beneficiaires_prevus=12,5         | beneficiaires_prevus:type
            beneficiaires_realises=10         | -
            beneficiaires_realises=9          | dont_moins_25:coherence
            beneficiaires_realises=7          | dont_moins_25:coherence accompagnes_emploi:coherence
            beneficiaires_realises=           | -
            beneficiaires_realises=?          | beneficiaires_realises:type
            dont_moins_25=20                  | -
            dont_moins_25=21                  | dont_moins_25:coherence
            dont_moins_25=-1                  | dont_moins_25:borne
            heures_formation=-1               | heures_formation:borne
            heures_formation=1,5              | heures_formation:type
            accompagnes_emploi=20             | -
            accompagnes_emploi=21             | accompagnes_emploi:coherence
            accompagnes_emploi=5              | -
            accompagnes_emploi=4              | heberges:coherence
            accompagnes_emploi=               | -
            reprises_etudes=8                 | -
            reprises_etudes=9                 | reprises_etudes:coherence
            reprises_etudes=-1                | reprises_etudes:borne
            entrees_formation=8               | -
            entrees_formation=9               | entrees_formation:coherence
            entrees_formation=-1              | entrees_formation:borne
            sorties_emploi=8                  | -
            sorties_emploi=9                  | sorties_emploi:coherence
            sorties_emploi=-1                 | sorties_emploi:borne
            jeunes_insertion=8                | -
            jeunes_insertion=9                | jeunes_insertion:coherence
            jeunes_insertion=-1               | jeunes_insertion:borne
            heberges=8                        | -
            heberges=9                        | heberges:coherence
            heberges=-1                       | heberges:borne
            statut=abandonné                  | -
            statut=FINI                       | statut:code
        """,
    ),
    "ddcs/reunions": Extrait(
        valide="""numero_reunion=R1 & niveau=DEPARTEMENTAL & departement=60 & instance=COPIL
            & date_reunion=1/3/2020 & format=MIXTE & participants=12 & ateliers=2 & spe_associes=O
            & missions_locales=1 & conseil_regional_present=N & contractualisation_odj=O""",
        obligatoires="numero_reunion niveau instance date_reunion",
        cle="numero_reunion",
        changements="""
            changement                          | attendu
            niveau=LOCAL                        | niveau:code
            niveau=LOCAL & departement=         | niveau:code
            niveau=régional & departement=      | -
            niveau=REGIONAL                     | departement:coherence
            niveau=REGIONAL & departement=75    | departement:code
            departement=                        | departement:obligatoire
            departement=NC                      | departement:obligatoire
            departement=75                      | departement:code
            instance=AUTRE                      | instance:code
            date_reunion=31/3/2020              | -
            date_reunion=1/4/2020               | date_reunion:date_future
            date_reunion=30/2/2020              | date_reunion:type
            date_reunion=31/12/1999             | date_reunion:borne
            format=distance                     | format:code
            format=dématérialisé                | -
            participants=1                      | -
            participants=0                      | participants:borne
            participants=dix                    | participants:type
            ateliers=0                          | -
            ateliers=-1                         | ateliers:borne
            spe_associes=X | -
            spe_associes=Y | spe_associes:type
            missions_locales=0                  | -
            missions_locales=-1                 | missions_locales:borne
            conseil_regional_present=X | -
            conseil_regional_present=Y | conseil_regional_present:type
            contractualisation_odj=X | -
            contractualisation_odj=Y | contractualisation_odj:type
        """,
    ),
    "ddcs/designations": Extrait(
        valide="""numero_designation=D1 & departement=62 & structure=DDCS 62
            & fonction=REFERENT_DEPARTEMENTAL & profil=DDCS & date_designation=1/1/2019
            & date_fin=31/12/2019""",
        obligatoires="numero_designation departement structure fonction date_designation",
        cle="numero_designation",
        changements="""
            changement                        | attendu
            departement=7                     | departement:code
            fonction=CHEF                     | fonction:code
            fonction=CHEF & profil=           | fonction:code
            fonction=référent BPI             | -
            fonction=ACTEUR & profil=         | -
            profil=                           | profil:obligatoire
            profil=PREFET                     | profil:code
            profil=DDETS                      | profil:code
            profil=sous-préfet                | -
            date_designation=32/1/2019        | date_designation:type
            date_designation=31/12/1999       | date_designation:borne
            date_designation=31/3/2020 & date_fin= | -
            date_designation=1/4/2020 & date_fin=  | date_designation:date_future
            date_fin=1/1/2019                 | -
            date_fin=31/12/2018               | date_fin:coherence
            date_fin=1/1/2021                 | -
            date_fin=1/1/2101                 | date_fin:borne
            date_fin=bientôt                  | date_fin:type
        """,
    ),
    "ddcs/contrats": Extrait(
        valide="""numero_contrat=K1 & type_contrat=CAI & departement=80 & signataire=Amiens
            & code_insee=80021 & date_signature=1/3/2020 & date_fin=28/2/2021
            & volets=LANGUE, SPORT & montant_prevu=1000 & montant_consomme=500,25""",
        obligatoires="numero_contrat type_contrat departement signataire date_signature",
        cle="numero_contrat",
        changements="""
            changement                        | attendu
            type_contrat=BAIL                 | type_contrat:code
            type_contrat=CTAI                 | -
            departement=                      | departement:obligatoire
            departement=99                    | departement:code
            code_insee=2A004                  | -
            code_insee=80 021                 | code_insee:type
            code_insee=8002                   | code_insee:type
            code_insee=800210                 | code_insee:type
            code_insee=8C021                  | code_insee:type
            code_insee=2a004                  | code_insee:type
            date_signature=31/3/2020          | -
            date_signature=1/4/2020           | date_signature:date_future
            date_signature=1/1/1999           | date_signature:borne
            date_signature=mars               | date_signature:type
            date_fin=1/3/2020                 | -
            date_fin=29/2/2020                | date_fin:coherence
            date_fin=30/2/2020                | date_fin:type
            date_fin=1/1/2101                 | date_fin:borne
            volets=LOGEMENT                   | -
            volets=LANGUE,CULTURE,SPORT,ECHANGES,LOGEMENT | -
            volets=LANGUE, SANTE              | volets:code
            volets=langue                     | -
            volets=Langues, Sports            | -
            volets=LANGUE SPORT               | volets:code
            volets=LANGUE,                    | volets:code
            montant_prevu=-1                  | montant_prevu:borne
            montant_prevu=mille               | montant_prevu:type
            montant_consomme=-1               | montant_consomme:borne
            montant_consomme=1001             | -
            montant_consomme=x                | montant_consomme:type
        """,
    ),
    "ddcs/outils": Extrait(
        valide="""numero_outil=O1 & type_outil=APPLICATION & nom=Carte & departement=59
            & statut=RETIRE & date_deploiement=1/1/2019 & date_retrait=1/1/2020 & langues=12
            & mots=3000""",
        obligatoires="numero_outil type_outil nom statut",
        cle="numero_outil",
        changements="""
            changement                                                | attendu
            type_outil=SITE                                           | type_outil:code
            type_outil=Cartographie FLE                               | -
            departement=75                                            | departement:code
            statut=PERDU                                              | statut:code
            statut=PERDU & date_deploiement= & date_retrait=          | statut:code
            statut=DEPLOYE                                            | -
            statut=DEPLOYE & date_retrait=                            | -
            statut=DEPLOYE & date_retrait= & date_deploiement=        | date_deploiement:obligatoire
            statut=PREVU & date_retrait= & date_deploiement=          | -
            statut=PREVU & date_retrait= & date_deploiement=1/6/2021  | -
            date_deploiement=                                         | date_deploiement:obligatoire
            date_deploiement=bientôt                                  | date_deploiement:type
            date_deploiement=31/12/1999                               | date_deploiement:borne
            statut=DEPLOYE & date_retrait= & date_deploiement=31/3/2020 | -
            date_deploiement=1/4/2020 & date_retrait=1/5/2020         | date_deploiement:date_future
            statut=PERDU & date_deploiement=1/4/2020 & date_retrait=  | statut:code
            date_retrait=                                             | date_retrait:obligatoire
            date_retrait=1/1/2019                                     | -
            date_retrait=31/12/2018                                   | date_retrait:coherence
            date_retrait=1/1/2021                                     | -
            date_retrait=1/1/2101                                     | date_retrait:borne
            date_retrait=x                                            | date_retrait:type
            langues=0                                                 | -
            langues=-1                                                | langues:borne
            langues=x                                                 | langues:type
            mots=0                                                    | -
            mots=-1                                                   | mots:borne
            mots=1,5                                                  | mots:type
        """,
    ),
    "ddcs/orientations": Extrait(
        valide="""orientation=o12_1000_vae & territoire=R32 & date_constat=31/12/2019
            & statut=EN_COURS & avancement=50 & responsable=DRJSCS & commentaire=En bonne voie""",
        obligatoires="orientation territoire date_constat statut",
        cle="orientation territoire date_constat",
        changements="""
            changement                                | attendu
            orientation=o99_rien                      | orientation:inconnu
            orientation=O12_1000_VAE                  | orientation:inconnu
            territoire=d02                            | -
            territoire=02                             | territoire:code
            territoire=FR                             | territoire:code
            territoire=A09                            | territoire:code
            date_constat=31/3/2020                    | -
            date_constat=1/4/2020                     | date_constat:date_future
            date_constat=1/1/1999                     | date_constat:borne
            date_constat=2019                         | date_constat:type
            statut=en pause                           | -
            statut=FINI                               | statut:code
            statut=FINI & avancement=100              | statut:code
            avancement=0                              | -
            avancement=99,9                           | -
            avancement=100                            | avancement:coherence
            avancement=100 & statut=REALISE           | -
            avancement=100,0 & statut=Réalisé         | -
            avancement=99,9 & statut=REALISE          | avancement:coherence
            avancement= & statut=REALISE              | -
            avancement=-1                             | avancement:borne
            avancement=100,1                          | avancement:borne
            avancement=50 %      | -
        """,
    ),
    "ars/equipes_mobiles": Extrait(
        valide="""mois=2020-03 & equipe=EMPP Lille & type_equipe=EMPP & departement=59
            & situations=7 & interventions=20 & nouveaux_beneficiaires=5""",
        obligatoires="mois equipe type_equipe departement",
        cle="mois equipe",
        changements="""
            changement                        | attendu
            mois=03/2020                      | -
            mois=2020-04                      | mois:date_future
            mois=1999-12                      | mois:borne
            mois=2000-01                      | -
            mois=2101-01                      | mois:borne mois:date_future
            mois=mars                         | mois:type
            type_equipe=SAMU                  | type_equipe:code
            type_equipe=PASS mobile           | -
            departement=00                    | departement:code
            situations=0                      | -
            situations=-1                     | situations:borne
            situations=x                      | situations:type
            interventions=5                   | -
            interventions=4                   | nouveaux_beneficiaires:coherence
            interventions=-1 & nouveaux_beneficiaires= | interventions:borne
            interventions=                    | -
            interventions=?                   | interventions:type
            nouveaux_beneficiaires=20         | -
            nouveaux_beneficiaires=21         | nouveaux_beneficiaires:coherence
            nouveaux_beneficiaires=-1         | nouveaux_beneficiaires:borne
            nouveaux_beneficiaires=2,5        | nouveaux_beneficiaires:type
        """,
    ),
    "ars/interpretariat": Extrait(
        valide="""mois=2020-03 & structure=CHU & langue=arb & departement=80 & mode=VISIO
            & demandes=10 & demandes_honorees=9 & duree_minutes=450""",
        obligatoires="mois structure langue departement mode demandes demandes_honorees",
        cle="mois structure langue mode",
        changements="""
            changement                        | attendu
            mois=2020-04                      | mois:date_future
            mois=1999-12                      | mois:borne
            mois=2020-3                       | mois:type
            langue=ARB                        | -
            langue=ar      | -
            langue=zz      | langue:type
            langue=arabe   | -
            langue=dialecte | langue:type
            langue=ar1                        | langue:type
            departement=8                     | departement:code
            mode=FAX                          | mode:code
            mode=téléphone                    | -
            demandes=9                        | -
            demandes=8                        | demandes_honorees:coherence
            demandes=-1                       | demandes:borne demandes_honorees:coherence
            demandes=x                        | demandes:type
            demandes_honorees=0               | -
            demandes_honorees=11              | demandes_honorees:coherence
            demandes_honorees=-1              | demandes_honorees:borne
            demandes_honorees=x               | demandes_honorees:type
            duree_minutes=0                   | -
            duree_minutes=-1                  | duree_minutes:borne
            duree_minutes=1h30 | duree_minutes:type
        """,
    ),
    "logement/mobilisations": Extrait(
        valide="""mois=2020-03 & departement=59 & filiere=PLAN_LOGEMENT & parc=SOCIAL
            & zone=GRANDE_VILLE & logements_mobilises=4 & menages=4 & personnes=11""",
        obligatoires="mois departement filiere parc zone logements_mobilises",
        cle="mois departement filiere parc zone",
        changements="""
            changement                        | attendu
            mois=2020-04                      | mois:date_future
            mois=1999-12                      | mois:borne
            mois=2020                         | mois:type
            departement=1                     | departement:code
            filiere=AUTRE                     | filiere:code
            filiere=réinstallation            | -
            parc=MIXTE                        | parc:code
            parc=privé                        | -
            zone=VILLE                        | zone:code
            zone=grande ville                 | -
            logements_mobilises=0             | -
            logements_mobilises=-1            | logements_mobilises:borne
            logements_mobilises=x             | logements_mobilises:type
            menages=11                        | -
            menages=12                        | personnes:coherence
            menages=-1                        | menages:borne
            menages=x                         | menages:type
            menages=                          | -
            personnes=4                       | -
            personnes=3                       | personnes:coherence
            personnes=-1                      | personnes:borne personnes:coherence
            personnes=x                       | personnes:type
        """,
    ),
    "logement/attributions": Extrait(
        valide="mois=2020-03 & departement=59 & origine=CADA & attributions=3",
        obligatoires="mois departement origine attributions",
        cle="mois departement origine",
        changements="""
            changement                        | attendu
            mois=2020-04                      | mois:date_future
            mois=1999-12                      | mois:borne
            mois=x                            | mois:type
            departement=1                     | departement:code
            origine=RUE                       | origine:code
            origine=hébergement généraliste   | -
            attributions=0                    | -
            attributions=-1                   | attributions:borne
            attributions=x                    | attributions:type
        """,
    ),
    "logement/places": Extrait(
        valide="""numero_lot=L1 & dispositif=CPH & departement=62 & gestionnaire=ADOMA
            & orientation=LOCALE & places=50 & annee_objectif=2019 & statut=FERMEE
            & date_ouverture=1/6/2019 & date_fermeture=1/1/2020""",
        obligatoires="numero_lot dispositif departement places annee_objectif statut",
        cle="numero_lot",
        changements="""
            changement                                               | attendu
            dispositif=CADA                                          | dispositif:code
            dispositif=pension famille                               | -
            departement=75                                           | departement:code
            orientation=REGIONALE                                    | orientation:code
            places=1                                                 | -
            places=0                                                 | places:borne
            places=x                                                 | places:type
            annee_objectif=2000                                      | -
            annee_objectif=1999                                      | annee_objectif:borne
            annee_objectif=2101                                      | annee_objectif:borne
            annee_objectif=19-20                                     | annee_objectif:type
            statut=PLEINE                                            | statut:code
            statut=PLEINE & date_ouverture= & date_fermeture=        | statut:code
            statut=OUVERTE & date_fermeture=                         | -
            statut=OUVERTE & date_fermeture= & date_ouverture=       | date_ouverture:obligatoire
            statut=CONFIRMEE & date_fermeture= & date_ouverture=     | -
            statut=reportée & date_fermeture= & date_ouverture=      | -
            statut=CONFIRMEE & date_fermeture= & date_ouverture=1/9/2020 | -
            statut=REPORTEE & date_fermeture= & date_ouverture=1/9/2020 | -
            statut=OUVERTE & date_fermeture= & date_ouverture=31/3/2020 | -
            statut=OUVERTE & date_fermeture= & date_ouverture=1/4/2020 | date_ouverture:date_future
            date_ouverture=1/4/2020 & date_fermeture=1/5/2020        | date_ouverture:date_future
            date_ouverture=                                          | date_ouverture:obligatoire
            date_ouverture=x                                         | date_ouverture:type
            date_ouverture=1/1/1999                                  | date_ouverture:borne
            date_fermeture=                                          | date_fermeture:obligatoire
            date_fermeture=1/6/2019                                  | -
            date_fermeture=31/5/2019                                 | date_fermeture:coherence
            date_fermeture=1/1/2022                                  | -
            date_fermeture=x                                         | date_fermeture:type
            date_fermeture=1/1/2101                                  | date_fermeture:borne
        """,
    ),
    "logement/avdl": Extrait(
        valide="""annee=2019 & operateur=ADOMA & departement=60 & beneficiaires=40
            & logements_captes=9 & personnes_relogees=31""",
        obligatoires="""annee operateur departement beneficiaires logements_captes
            personnes_relogees""",
        cle="annee operateur",
        changements="""
            changement                        | attendu
            annee=2000                        | -
            annee=1999                        | annee:borne
            annee=2100                        | -
            annee=2101                        | annee:borne
            annee=x                           | annee:type
            departement=61                    | departement:code
            beneficiaires=0                   | -
            beneficiaires=-1                  | beneficiaires:borne
            beneficiaires=x                   | beneficiaires:type
            logements_captes=0                | -
            logements_captes=-1               | logements_captes:borne
            logements_captes=x                | logements_captes:type
            personnes_relogees=0              | -
            personnes_relogees=-1             | personnes_relogees:borne
            personnes_relogees=x              | personnes_relogees:type
        """,
    ),
    "rectorat/oepre": Extrait(
        valide="""annee_scolaire=2018-2019 & academie=LILLE & etablissements=40 & groupes=60
            & ateliers=900 & parents=700 & parents_primo_arrivants=300 & candidats_dilf=20
            & recus_dilf=18 & candidats_delf=30 & recus_delf=25""",
        obligatoires="annee_scolaire academie etablissements groupes ateliers parents",
        cle="annee_scolaire academie",
        changements="""
            changement                        | attendu
            annee_scolaire=2000-2001          | -
            annee_scolaire=1999-2000          | annee_scolaire:borne
            annee_scolaire=2100-2101          | -
            annee_scolaire=2101-2102          | annee_scolaire:borne
            annee_scolaire=2018-2020          | annee_scolaire:type
            annee_scolaire=2018               | annee_scolaire:type
            annee_scolaire=2030-2031          | -
            academie=Amiens                   | -
            academie=PARIS                    | academie:code
            etablissements=-1                 | etablissements:borne
            etablissements=x                  | etablissements:type
            groupes=-1                        | groupes:borne
            groupes=x                         | groupes:type
            ateliers=-1                       | ateliers:borne
            ateliers=x                        | ateliers:type
            parents=300                       | -
            parents=299                       | parents_primo_arrivants:coherence
            parents=-1                        | parents:borne parents_primo_arrivants:coherence
            parents=x                         | parents:type
            parents_primo_arrivants=700       | -
            parents_primo_arrivants=701       | parents_primo_arrivants:coherence
            parents_primo_arrivants=-1        | parents_primo_arrivants:borne
            parents_primo_arrivants=x         | parents_primo_arrivants:type
            candidats_dilf=17                 | recus_dilf:coherence
            candidats_dilf=                   | -
            candidats_dilf=-1 & recus_dilf=   | candidats_dilf:borne
            candidats_dilf=x                  | candidats_dilf:type
            recus_dilf=20                     | -
            recus_dilf=21                     | recus_dilf:coherence
            recus_dilf=-1                     | recus_dilf:borne
            recus_dilf=x                      | recus_dilf:type
            candidats_delf=24                 | recus_delf:coherence
            candidats_delf=                   | -
            candidats_delf=-1 & recus_delf=   | candidats_delf:borne
            candidats_delf=x                  | candidats_delf:type
            recus_delf=30                     | -
            recus_delf=31                     | recus_delf:coherence
            recus_delf=-1                     | recus_delf:borne
            recus_delf=x                      | recus_delf:type
        """,
    ),
    "service_civique/volontr": Extrait(
        valide="annee=2019 & association=Unis-Cité & objectif=50 & accueillis=42",
        obligatoires="annee association accueillis",
        cle="annee association",
        changements="""
            changement                        | attendu
            annee=1999                        | annee:borne
            annee=2101                        | annee:borne
            annee=x                           | annee:type
            objectif=0                        | -
            objectif=-1                       | objectif:borne
            objectif=x                        | objectif:type
            accueillis=51                     | -
            accueillis=0                      | -
            accueillis=-1                     | accueillis:borne
            accueillis=1,5                    | accueillis:type
        """,
    ),
}

# Optional columns that the valid row makes mandatory.
OBLIGATOIRES_ICI = {
    ("ddcs/reunions", "departement"),
    ("ddcs/designations", "profil"),
    ("ddcs/outils", "date_deploiement"),
    ("ddcs/outils", "date_retrait"),
    ("logement/places", "date_ouverture"),
    ("logement/places", "date_fermeture"),
}


Paires = set[tuple[str | None, str]]


def rejets(
    dossier: Path, extrait: str, *changements: str, fin: date | None = FIN_DE_MARS
) -> list[Paires]:
    """What the valid row of an extract is rejected for, once changed in each of these ways."""
    valide = cellules(EXTRAITS[extrait].valide)
    rangees = [valide | (cellules(changement) if changement else {}) for changement in changements]
    resultat = []
    for _, trouves in controle(dossier, extrait, rangees, fin):
        paires = [(rejet["colonne"], rejet["regle"]) for rejet in trouves]
        assert len(paires) == len(set(paires)), "one rejection per row, column and rule"
        resultat.append(set(paires))
    return resultat


VIDES = [(e, f"{c}=") for e, x in EXTRAITS.items() for c in cellules(x.valide)]
CHANGEMENTS = [
    (extrait, cas["changement"] or "", cas["attendu"] or "")
    for extrait, x in EXTRAITS.items()
    for cas in lignes(x.changements)
]
CHANGEMENTS += [
    (
        "ddcs/projets",
        "beneficiaires_realises=-1 & dont_moins_25= & accompagnes_emploi=",
        "beneficiaires_realises:borne",
    ),
    (
        "ddcs/projets",
        "accompagnes_emploi=-1 & reprises_etudes= & entrees_formation= & sorties_emploi="
        " & jeunes_insertion= & heberges=",
        "accompagnes_emploi:borne",
    ),
    (
        "ddcs/outils",
        "statut=DEPLOYE & date_retrait= & date_deploiement=1/4/2020",
        "date_deploiement:date_future",
    ),
    (
        "ddcs/outils",
        "date_retrait= & date_deploiement=",
        "date_retrait:obligatoire date_deploiement:obligatoire",
    ),
]


@pytest.fixture(scope="module")
def rejets_de(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Paires]:
    """What each change of each extract calls for, all the changes of an extract in one batch."""
    par_extrait: dict[str, list[str]] = {}
    for extrait, changement in [*VIDES, *((e, c) for e, c, _ in CHANGEMENTS)]:
        par_extrait.setdefault(extrait, []).append(changement)
    dossier = tmp_path_factory.mktemp("controle")
    return {
        (extrait, changement): paires
        for extrait, changements in par_extrait.items()
        for changement, paires in zip(
            changements, rejets(dossier, extrait, *changements), strict=True
        )
    }


def test_there_are_fifteen_extracts() -> None:
    assert set(toutes()) == set(EXTRAITS)
    assert len(EXTRAITS) == 15


@pytest.mark.parametrize("extrait", EXTRAITS)
def test_the_valid_row_has_all_columns_and_is_accepted(tmp_path: Path, extrait: str) -> None:
    regles, attendu = toutes()[extrait], EXTRAITS[extrait]
    assert list(regles.colonnes) == list(cellules(attendu.valide))
    assert regles.obligatoires == attendu.obligatoires.split()
    assert list(regles.cle) == attendu.cle.split()
    assert rejets(tmp_path, extrait, "") == [set()]


@pytest.mark.parametrize(("extrait", "changement"), VIDES)
def test_an_empty_cell(
    rejets_de: dict[tuple[str, str], Paires], extrait: str, changement: str
) -> None:
    colonne = changement.removesuffix("=")
    obligatoire = (
        colonne in EXTRAITS[extrait].obligatoires.split() or (extrait, colonne) in OBLIGATOIRES_ICI
    )
    attendu = {(colonne, "obligatoire")} if obligatoire else set()
    assert rejets_de[extrait, changement] == attendu


@pytest.mark.parametrize(("extrait", "changement", "attendu"), CHANGEMENTS)
def test_a_change(
    rejets_de: dict[tuple[str, str], Paires], extrait: str, changement: str, attendu: str
) -> None:
    voulus = {tuple(paire.split(":")) for paire in attendu.split()}
    assert rejets_de[extrait, changement] == voulus


def test_each_column_is_tried_against_its_rule() -> None:
    """All columns but free text have a change that is rejected on them."""
    libres = {
        *("numero_cir", "numero_projet", "porteur", "intitule", "dispositif", "numero_reunion"),
        *("numero_designation", "structure", "numero_contrat", "signataire", "numero_outil"),
        *("nom", "responsable", "commentaire", "equipe", "numero_lot", "gestionnaire"),
        *("operateur", "association"),
    }
    for extrait, x in EXTRAITS.items():
        rejetees = {
            paire.partition(":")[0]
            for de, _, attendu in CHANGEMENTS
            if de == extrait
            for paire in attendu.split()
        }
        assert set(cellules(x.valide)) - rejetees <= libres, extrait


@pytest.mark.parametrize(
    ("extrait", "changement"),
    [
        ("ofii/cir_signataires", "date_signature=1/4/2090 & date_fin_formation= & date_naissance="),
        ("ddcs/reunions", "date_reunion=1/4/2090"),
        ("ddcs/designations", "date_designation=1/4/2090 & date_fin="),
        ("ddcs/contrats", "date_signature=1/4/2090 & date_fin="),
        ("ddcs/outils", "date_deploiement=1/4/2090 & statut=DEPLOYE & date_retrait="),
        ("ddcs/orientations", "date_constat=1/4/2090"),
        ("ars/equipes_mobiles", "mois=2090-04"),
        ("logement/places", "date_ouverture=1/4/2090 & date_fermeture=1/5/2090"),
    ],
)
def test_without_a_month_of_delivery_the_future_is_not_judged(
    tmp_path: Path, extrait: str, changement: str
) -> None:
    assert rejets(tmp_path, extrait, changement, fin=None) == [set()]
    [paires] = rejets(tmp_path, extrait, changement)
    assert {regle for _, regle in paires} == {"date_future"}


def test_values_are_stored_in_their_type_and_their_spelling(tmp_path: Path) -> None:
    ligne = cellules(
        """exercice=2019,0 & numero_projet= P 1 & departement=2 & action=12 & porteur=C.C.A.S
        & siret=732 829 320 00074 & intitule=l'été & dispositif=ppl saref & axe=culture-sport
        & visee_professionnelle=vrai & public_jeune=0 & charge_securisation=
        & montant_accorde=1 500,5
        & beneficiaires_prevus=nc & beneficiaires_realises=1 200 & statut=En cours"""
    )
    [(valeurs, trouves)] = controle(tmp_path, "ddcs/projets", [ligne], FIN_DE_MARS)
    assert trouves == []
    attendues: dict[str, Any] = dict.fromkeys(cellules(EXTRAITS["ddcs/projets"].valide))
    attendues |= {
        "exercice": 2019,
        "numero_projet": "P 1",
        "departement": "02",
        "action": "12",
        "porteur": "C.C.A.S",
        "siret": "73282932000074",
        "intitule": "l'été",
        "dispositif": "PPL-SAREF",
        "axe": "CULTURE_SPORT",
        "visee_professionnelle": True,
        "public_jeune": False,
        "montant_accorde": 1500.5,
        "beneficiaires_realises": 1200,
        "statut": "EN_COURS",
        "retrait": False,
        "_ligne": 2,
    }
    assert valeurs == attendues


@pytest.mark.parametrize(
    "nom",
    ["PPL-SAREF", "AILE", "PROMEO-COALLIA", "PIAL", "AVDL-R", "D.I.R", "SHAPAD", "ALPHABETISATION",
     "SAS"],
)  # fmt: skip
def test_a_known_dispositif_is_stored_as_the_list_writes_it(tmp_path: Path, nom: str) -> None:
    valide = cellules(EXTRAITS["ddcs/projets"].valide)
    ecrits = (nom, nom.lower(), nom.replace("-", " "), f"_{nom.title()} ")
    rangees = [valide | {"dispositif": ecrit} for ecrit in ecrits]
    lues = controle(tmp_path, "ddcs/projets", rangees, None)
    assert [valeurs["dispositif"] for valeurs, _ in lues] == [nom] * 4


def test_langue_nationalite_mois_and_volets_as_they_are_stored(tmp_path: Path) -> None:
    def range_(extrait: str, changement: str) -> dict[str, Any]:
        ligne = cellules(EXTRAITS[extrait].valide) | cellules(changement)
        return controle(tmp_path, extrait, [ligne], FIN_DE_MARS)[0][0]

    interprete = range_("ars/interpretariat", "langue=ARB & mois=02/2020")
    assert (interprete["langue"], interprete["mois"]) == ("arb", "2020-02")
    assert range_("ofii/cir_signataires", "nationalite=érI")["nationalite"] == "ERI"
    assert range_("ddcs/contrats", "volets= LANGUE ,SPORT ")["volets"] == "LANGUE, SPORT"


# Rows that are too long, withdrawals


def test_a_row_too_long_is_rejected_without_a_column_with_its_other_faults(
    tmp_path: Path,
) -> None:
    texte = "annee;association;accueillis\n2019;a;1\n2019;b;1;9\n2019;c;x;9\n2019;d;1;;\n"
    charge = charger(tmp_path, "service_civique/volontr", {"2020-03.csv": texte})
    assert charge.rejets() == [
        ("2020-03.csv", 3, None, "structure"),
        ("2020-03.csv", 4, "accueillis", "type"),
        ("2020-03.csv", 4, None, "structure"),
        ("2020-03.csv", 5, None, "structure"),  # more cells than most rows, though empty
    ]
    assert charge.comptes("2020-03.csv") == (4, 1, 3, 0)
    assert charge.sql("select distinct valeur from qualite.rejets where regle = 'structure'") == [
        (None,)
    ]


@pytest.mark.parametrize("extrait", EXTRAITS)
def test_a_withdrawal_is_checked_on_its_key_only(tmp_path: Path, extrait: str) -> None:
    cle = EXTRAITS[extrait].cle.split()
    valide = cellules(EXTRAITS[extrait].valide)
    ligne = {c: v if c in cle else "???" for c, v in valide.items()}
    retraits = [{**ligne, "retrait": "Oui"}, *({**ligne, "retrait": "O", c: ""} for c in cle)]
    (valeurs, trouves), *incomplets = controle(tmp_path, extrait, retraits, FIN_DE_MARS)
    assert trouves == []
    assert valeurs["retrait"] is True
    assert all(valeurs[c] is None for c in valide if c not in cle)
    assert all(valeurs[c] is not None for c in cle)
    for colonne, (_, trouves) in zip(cle, incomplets, strict=True):
        assert [(r["colonne"], r["regle"]) for r in trouves] == [(colonne, "obligatoire")]


def test_the_key_of_a_withdrawal_follows_all_its_rules(tmp_path: Path) -> None:
    assert rejets(
        tmp_path,
        "ddcs/orientations",
        "retrait=1 & orientation=rien & territoire=75 & date_constat=1/4/2020 & statut=",
    ) == [{("orientation", "inconnu"), ("territoire", "code"), ("date_constat", "date_future")}]


@pytest.mark.parametrize(
    ("retrait", "attendu"),
    [
        ("", {("accueillis", "obligatoire")}),
        ("N", {("accueillis", "obligatoire")}),
        ("nc", {("accueillis", "obligatoire")}),
        ("O", set()),
        ("VRAI", set()),
        ("X", set()),
        ("Y", {("accueillis", "obligatoire"), ("retrait", "type")}),
    ],
)
def test_the_column_retrait(tmp_path: Path, retrait: str, attendu: Paires) -> None:
    changement = f"accueillis= & retrait={retrait}"
    assert rejets(tmp_path, "service_civique/volontr", changement) == [attendu]


def test_a_row_too_long_that_withdraws_its_key_is_checked_on_it_only(
    tmp_path: Path,
) -> None:
    texte = "annee;association;accueillis;retrait\n2019;a;;O;reste\n"
    charge = charger(tmp_path, "service_civique/volontr", {"2020-03.csv": texte})
    assert charge.lignes("association", "retrait") == [("a", True)]


# What a rejection shows


def test_a_rejection_shows_the_delivered_value(tmp_path: Path) -> None:
    texte = texte_csv(
        [
            {"annee": "2019", "association": "a", "accueillis": " douze "},
            {"annee": "2019", "association": "b", "accueillis": ""},
            {"annee": "2019", "association": "c", "accueillis": "-3"},
            {"annee": "2019", "association": "d", "accueillis": "3"},
        ]
    )
    charge = charger(tmp_path, "service_civique/volontr", {"2020-03_x.csv": texte})
    assert charge.sql(
        """
        select source, extrait, mois_livraison, fichier, feuille, ligne, colonne, regle, valeur
        from qualite.rejets order by ligne
        """
    ) == [
        ("service_civique", "volontr", "2020-03", "service_civique/volontr/2020-03_x.csv", None,
         ligne, "accueillis", regle, valeur)
        for ligne, regle, valeur in [(2, "type", "douze"), (3, "obligatoire", None),
                                     (4, "borne", "-3")]
    ]  # fmt: skip
    assert all(m for (m,) in charge.sql("select message from qualite.rejets"))


def test_nothing_of_a_person_is_read_in_rejections_or_in_the_warehouse(tmp_path: Path) -> None:
    secrets = ["CIR-SECRET-1", "9876543210", "98765432", "03/02/1985", "1985-02-03", "31/02/1985"]
    valide = cellules(EXTRAITS["ofii/cir_signataires"].valide)
    lignes_ = [
        valide | {"numero_cir": "CIR-SECRET-1", "numero_etranger": "9876543210",
                  "date_naissance": "03/02/1985"},
        # The key twice, a number too short, a date that does not exist.
        valide | {"numero_cir": "CIR-SECRET-1", "numero_etranger": "98765432"},
        valide | {"numero_cir": "C3", "date_naissance": "31/02/1985"},
        # A row whose cells are shifted: number and birth date stand in other columns.
        valide | {"numero_cir": "C4", "departement": "9876543210", "bpi": "1985-02-03",
                  "date_titre": "03/02/1985"},
        *(valide | {"numero_cir": f"C{n}"} for n in range(5, 100)),
    ]  # fmt: skip
    charge = charger(tmp_path, "ofii/cir_signataires", {"2020-03.csv": texte_csv(lignes_)})
    assert charge.statuts() == {"2020-03.csv": "acceptee"}
    montres = charge.sql("select colonne, regle, valeur from qualite.rejets order by ligne, 1")
    assert ("numero_cir", "cle_en_double", "***") in montres
    assert ("numero_etranger", "type", "*** (99999999)") in montres
    assert ("date_naissance", "type", "*** (99/99/9999)") in montres
    assert ("departement", "code", "*** (9999999999)") in montres
    assert ("bpi", "type", "*** (9999-99-99)") in montres
    tout = str(
        charge.sql("from qualite.rejets")
        + charge.sql("from qualite.livraisons")
        + charge.sql("from livraisons.ofii_cir_signataires")
    )
    assert not [secret for secret in secrets if secret in tout]
    assert "datetime.date(1985" not in tout
    colonnes = charge.sql("select * from livraisons.ofii_cir_signataires limit 0")
    assert colonnes == []
    noms = charge.sql("select column_name from duckdb_columns() where schema_name = 'livraisons'")
    assert ("age",) in noms
    assert ("date_naissance",) not in noms


def test_a_value_of_a_code_outside_its_list_is_not_masked(tmp_path: Path) -> None:
    ligne = cellules(EXTRAITS["ofii/cir_signataires"].valide) | {"sexe": "Madame"}
    [(_, [rejet])] = controle(tmp_path, "ofii/cir_signataires", [ligne], FIN_DE_MARS)
    assert rejet["valeur"] == "Madame"
    assert rejet["message"] == "La colonne sexe doit valoir H (Homme), F (Femme)."


@pytest.mark.parametrize(
    ("livre", "montre"),
    [
        ("31/02/1985 00:00", "*** (99/99/9999 99:99)"),
        ("Née en 1985", "*** (AAA AA 9999)"),
        ("e\u0301té", "*** (AAA)"),
        ("٣١/٢/1985", "*** (99/9/9999)"),
        ("a" * 50, f"*** ({'A' * 40})"),
    ],
)
def test_a_masked_value_shows_its_form(tmp_path: Path, livre: str, montre: str) -> None:
    ligne = cellules(EXTRAITS["ofii/cir_signataires"].valide) | {"date_naissance": livre}
    [(_, [rejet])] = controle(tmp_path, "ofii/cir_signataires", [ligne], FIN_DE_MARS)
    assert rejet["valeur"] == montre


def test_a_message_offers_the_codes_of_the_month_only(tmp_path: Path) -> None:
    ligne = cellules(EXTRAITS["ddcs/contrats"].valide) | {"volets": "MUSIQUE"}
    messages = []
    for fin in (FIN_DE_MARS, date(2021, 1, 31), None):
        [(_, [rejet])] = controle(tmp_path, "ddcs/contrats", [ligne], fin)
        messages.append("EMPLOI" in rejet["message"])
    assert messages == [False, True, True]


def test_each_list_of_a_contract_is_in_the_roadmap() -> None:
    nommees = {c.liste for r in toutes().values() for c in r.colonnes.values() if c.liste}
    assert {"sexe", "niveau_langue", "volet", "departements", "academie", "booleen"} <= nommees
    for regles in toutes().values():
        assert nommees <= {nom for nom, liste in regles.listes.items() if liste}
