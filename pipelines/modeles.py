"""Empty workbooks to fill in: one per extract, made from its contract and the region's lists.

Belongs here: what a person sees and is offered in Excel or LibreOffice. Rules do not: drop-down
lists and validations only spare mistakes, `bilan verifier` alone says whether a file is right.
The example stands on the sheet that explains, never among the data, where it would be delivered.
The same contract and lists always give the same bytes.
"""

import io
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.utility import xl_col_to_name  # type: ignore[import-untyped]

from assets.extracts.contrat import Colonne
from pipelines import feuille_de_route
from pipelines.codes import Code
from pipelines.contrats import regles_de
from pipelines.erreurs import Faute, Refus
from pipelines.export.formes import HAUTEUR, lignes_de_texte, mettre_en_page
from pipelines.ingestion import lecture, lignes
from pipelines.ingestion.controle import COLONNE_RETRAIT, RETRAIT, Regles
from pipelines.ingestion.reception import table

DONNEES, AIDE, LISTES = "Données", "Mode d'emploi", "Listes"
_PARUTION = datetime(2021, 1, 1)  # written inside the file: it must not depend on today
_DERNIERE_LIGNE = 1_048_575
_FORMATS = {"date": "dd/mm/yyyy", "entier": "0", "decimal": "#,##0.00"}
_TEXTE = "@"  # keeps the zeros of departments, SIRET and numbers as they are typed
_FORMES = {
    "texte": "texte",
    "date": "date JJ/MM/AAAA",
    "mois": "mois AAAA-MM",
    "annee_scolaire": "année scolaire AAAA-AAAA, deux années qui se suivent",
    "entier": "nombre entier",
    "decimal": "nombre, décimales après une virgule",
    "siret": "SIRET de 14 chiffres",
    "code": "une valeur de la liste",
    "booleen": "O ou N",
}
_LONGUEURS = {"mois": (7, 7), "annee_scolaire": (9, 9), "siret": (14, 20)}
_EXEMPLES = {
    "texte": "Exemple",
    "date": "15/01/2020",
    "mois": "2020-01",
    "annee_scolaire": "2019-2020",
    "decimal": "12,5",
    "siret": "12345678200010",
    "booleen": "O",
}
_NOMBRE, _ANNEE = 12, 2020


def ecrire(dossier: Path, roadmap: Path) -> int:
    """Write the template of every extract in `dossier`; gives their number.

    Raises:
        Faute: the folder cannot be written, or holds under these names files that have been filled.
    """
    modeles = {
        dossier / f"{table(nom)}.xlsx": regles
        for nom, regles in regles_de(feuille_de_route.lire(roadmap)).items()
    }
    remplis = [c.name for c, regles in modeles.items() if c.exists() and not _vierge(c, regles)]
    if remplis:
        raise Faute(
            f"Le dossier «{dossier}» contient déjà des fichiers remplis ({', '.join(remplis)}) : "
            "choisir un autre dossier, ou les déplacer."
        )
    try:
        dossier.mkdir(parents=True, exist_ok=True)
        for chemin, regles in modeles.items():
            chemin.write_bytes(contenu(regles))
    except OSError as erreur:
        raise Faute(
            f"Le dossier «{dossier}» ne peut pas recevoir les modèles ({erreur.strerror})."
        ) from erreur
    return len(modeles)


def _vierge(chemin: Path, regles: Regles) -> bool:
    """Whether a file is a template that nobody has filled in."""
    try:
        ouverte = lecture.ouvrir(chemin, regles.obligatoires, regles.connues)
        return not any(lot.height for lot in lignes.lots(ouverte, regles.connues, regles.cle))
    except (OSError, Refus):
        return False


def colonnes(regles: Regles) -> dict[str, Colonne]:
    """The columns of a template, in order: the contract's, and `retrait`."""
    return {**regles.colonnes, RETRAIT: COLONNE_RETRAIT}


def permises(colonne: Colonne, regles: Regles) -> list[Code]:
    """What the drop-down list of a column offers: the codes in use; nothing where there is none."""
    return [c for c in regles.listes[colonne.liste] if not c.jusque] if colonne.liste else []


def _en_clair(colonne: Colonne, regles: Regles) -> str:
    return ", ".join(code.en_clair for code in permises(colonne, regles))


def exemple(regles: Regles) -> dict[str, str]:
    """A made-up row that the contract accepts, as a person would type it; without `retrait`."""
    return {nom: _exemple(colonne, regles) for nom, colonne in regles.colonnes.items()}


def _exemple(colonne: Colonne, regles: Regles) -> str:
    if colonne.exemple:
        return colonne.exemple
    if valeurs := permises(colonne, regles):
        return next((c.code for c in valeurs if not c.depuis), valeurs[0].code)
    if colonne.type != "entier":
        return _EXEMPLES[colonne.type]
    # One number for all columns, so that none is greater than another.
    mini, maxi = colonne.bornes["ge"], colonne.bornes.get("le", _NOMBRE)
    return str(_ANNEE if mini <= _ANNEE <= maxi else max(mini, min(_NOMBRE, maxi)))


def _forme(colonne: Colonne) -> str:
    """What a cell must look like, in words."""
    forme = colonne.forme or _FORMES[colonne.type]
    mini, maxi = (colonne.bornes.get(cle) for cle in ("ge", "le"))
    if isinstance(mini, date) and isinstance(maxi, date):
        return f"{forme}, du {mini:%d/%m/%Y} au {maxi:%d/%m/%Y}"
    if isinstance(mini, int):
        return f"{forme}, de {mini} à {maxi}" if maxi is not None else f"{forme}, au moins {mini}"
    if colonne.nomenclature:
        return "code de trois ou deux lettres, ou nom"
    if colonne.plusieurs:
        return "une ou plusieurs valeurs de la liste, séparées par une virgule"
    if colonne.type == "texte" and colonne.liste:
        return "une valeur de la liste" + (", ou un autre nom" if colonne.ouverte else "")
    return "un nombre de la liste" if colonne.type == "entier" else forme


def contenu(regles: Regles) -> bytes:
    """The bytes of the template of an extract."""
    octets = io.BytesIO()
    with xlsxwriter.Workbook(octets, {"in_memory": True}) as classeur:
        classeur.set_properties({"title": regles.schema.title, "created": _PARUTION})
        donnees, aide, listes = map(classeur.add_worksheet, (DONNEES, AIDE, LISTES))
        listes.hide()
        _remplir_donnees(classeur, donnees, listes, regles)
        _remplir_aide(classeur, aide, regles)
        donnees.activate()
    return octets.getvalue()


def _remplir_donnees(classeur: Any, feuille: Any, listes: Any, regles: Regles) -> None:
    """The header, and for each column its format, note, list and limits."""
    cadre = {"bottom": 1, "text_wrap": True, "valign": "top", "num_format": _TEXTE}
    facultatif = classeur.add_format(cadre)
    obligatoire = classeur.add_format({**cadre, "bold": True, "bg_color": "#DDEBF7"})
    formats = {f: classeur.add_format({"num_format": f}) for f in (*_FORMATS.values(), _TEXTE)}
    mettre_en_page(feuille, 0)
    feuille.freeze_panes(1, 0)
    feuille.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    for rang, (nom, colonne) in enumerate(colonnes(regles).items()):
        format_ = formats[_FORMATS.get(colonne.type, _TEXTE)]
        feuille.set_column(rang, rang, max(12, len(nom) + 2), format_)
        feuille.write_string(0, rang, nom, obligatoire if colonne.obligatoire else facultatif)
        feuille.write_comment(0, rang, _note(nom, colonne), {"x_scale": 2, "y_scale": 1.5})
        valeurs = permises(colonne, regles)
        if valeurs:
            listes.write_string(0, rang, nom)
            ecrire_une = listes.write_string if colonne.type != "entier" else listes.write_number
            for ligne, valeur in enumerate(valeurs, start=1):
                ecrire_une(
                    ligne, rang, valeur.code if colonne.type != "entier" else int(valeur.code)
                )
        limites = _validation(rang, colonne, len(valeurs))
        if limites:
            message = f"{nom} : {_forme(colonne)}."
            feuille.data_validation(
                1, rang, _DERNIERE_LIGNE, rang,
                {**limites, "error_title": "Valeur à revoir", "error_message": message[:255]},
            )  # fmt: skip


def _note(nom: str, colonne: Colonne) -> str:
    etat = "Obligatoire" if colonne.obligatoire else "Facultative"
    cle = " ; fait partie de la clé" if colonne.cle else ""
    return f"{nom}\n{colonne.description}\n{etat}{cle}.\nForme : {_forme(colonne)}."


def _validation(rang: int, colonne: Colonne, valeurs: int) -> dict[str, Any]:
    """The data validation of a column, in xlsxwriter's words; empty where anything goes."""
    if valeurs:
        lettre = xl_col_to_name(rang)
        source = f"={LISTES}!${lettre}$2:${lettre}${valeurs + 1}"
        libre = colonne.ouverte or colonne.plusieurs
        return {"validate": "list", "source": source, "show_error": not libre}
    if colonne.type in _LONGUEURS:
        courte, longue = _LONGUEURS[colonne.type]
        return {"validate": "length", "criteria": "between", "minimum": courte, "maximum": longue}
    sorte = {"date": "date", "entier": "integer", "decimal": "decimal"}.get(colonne.type)
    if not sorte:
        return {}
    mini, maxi = colonne.bornes["ge"], colonne.bornes.get("le")
    if maxi is None:
        return {"validate": sorte, "criteria": ">=", "value": mini}
    return {"validate": sorte, "criteria": "between", "minimum": mini, "maximum": maxi}


def _remplir_aide(classeur: Any, feuille: Any, regles: Regles) -> None:
    """What the file is, how it is filled in and delivered, and a table of its columns."""
    titre = classeur.add_format({"bold": True, "font_size": 14})
    entete = classeur.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    cellule = classeur.add_format({"text_wrap": True, "valign": "top", "num_format": _TEXTE})
    invente = classeur.add_format(
        {"text_wrap": True, "valign": "top", "num_format": _TEXTE, "italic": True,
         "bg_color": "#F2F2F2"}
    )  # fmt: skip
    feuille.write_string(0, 0, regles.schema.title, titre)
    for ligne, phrase in enumerate(_consignes(regles), start=1):
        feuille.write_string(ligne, 0, phrase)
    ligne += 2
    exemples = exemple(regles)
    vues: Mapping[str, tuple[int, Callable[[str, Colonne], str]]] = {
        "Colonne": (24, lambda nom, _: nom),
        "Obligatoire": (12, lambda _, c: "oui" if c.obligatoire else "non"),
        "Clé": (6, lambda _, c: "oui" if c.cle else ""),
        "Description": (60, lambda _, c: c.description),
        "Forme": (34, lambda _, c: _forme(c)),
        "Valeurs de la liste": (60, lambda _, c: _en_clair(c, regles)),
        "EXEMPLE, ligne inventée": (22, lambda nom, _: exemples.get(nom, "")),
    }
    for rang, (libelle, (largeur, _)) in enumerate(vues.items()):
        feuille.set_column(rang, rang, largeur)
        feuille.write_string(ligne, rang, libelle, entete)
    mettre_en_page(feuille, ligne)
    for nom, colonne in colonnes(regles).items():
        ligne += 1
        dits = [(dire(nom, colonne), largeur) for largeur, dire in vues.values()]
        for rang, (libelle, (dit, _)) in enumerate(zip(vues, dits, strict=True)):
            style = invente if libelle.startswith("EXEMPLE") else cellule
            feuille.write_string(ligne, rang, dit, style)
        feuille.set_row(ligne, HAUTEUR * lignes_de_texte(dits))


def _consignes(regles: Regles) -> list[str]:
    une_ligne = (regles.modele.__doc__ or "").splitlines()[0].rstrip(".")
    return [
        f"Service qui livre : {regles.modele.fiche().get('service', '')}. "
        f"Une ligne de la feuille «{DONNEES}» : {une_ligne[:1].lower()}{une_ligne[1:]}.",
        f"1. Remplir la feuille «{DONNEES}» sous la ligne d'en-tête, sans changer les noms des "
        "colonnes. En gras sur fond bleu : colonnes obligatoires. Passer la souris sur un nom "
        "affiche sa note.",
        "2. Choisir les codes dans les listes déroulantes ; leurs libellés sont ci-dessous, et "
        "s'écrivent aussi bien. Laisser vide ce qui n'est pas connu : "
        "vide n'est pas 0.",
        "3. Clé : deux lignes n'ont jamais les mêmes valeurs dans toutes les colonnes de la clé. "
        "Une ligne livrée plus tard avec la même clé remplace la précédente.",
        f"4. {RETRAIT} : O pour retirer une ligne livrée auparavant (sa clé suffit), vide sinon.",
        "5. Enregistrer au format .xlsx sous le nom AAAA-MM.xlsx, AAAA-MM étant le mois de la "
        "livraison (AAAA-MM_partie.xlsx s'il y a plusieurs fichiers).",
        f"6. Vérifier : bilan verifier AAAA-MM.xlsx --extrait {regles.nom}",
        f"7. Déposer le fichier dans raw/{regles.nom}/.",
    ]
