"""Pieces of a Word document that python-docx does not make: fields, bookmarks, cells by the row.

Text is put into elements, never into XML: what it holds stays text. What a document says does not
belong here.
"""

import io
import re
import zipfile
from functools import cache
from typing import Any

from docx.oxml.ns import qn

_INTERDITS = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESPACES = "{http://www.w3.org/XML/1998/namespace}space"
_JOUR = (1980, 1, 1, 0, 0, 0)


def propre(texte: str) -> str:
    """A text without the characters that XML forbids."""
    return _INTERDITS.sub("", texte)


_qn = cache(qn)


def fils(parent: Any, nom: str, **attributs: object) -> Any:
    """A new last child (`w:p`), with attributes of its namespace."""
    enfant = parent.makeelement(_qn(nom))
    parent.append(enfant)
    for cle, valeur in attributs.items():
        enfant.set(_qn(f"{nom[: nom.index(':')]}:{cle}"), str(valeur))
    return enfant


def morceau(paragraphe: Any, texte: str, style: str = "") -> Any:
    """A run: its lines are broken, its text is as it is."""
    run = fils(paragraphe, "w:r")
    if style:
        fils(fils(run, "w:rPr"), "w:rStyle", val=style)
    for rang, ligne in enumerate(propre(texte).split("\n")):
        if rang:
            fils(run, "w:br")
        mot = fils(run, "w:t")
        mot.text = ligne
        mot.set(_ESPACES, "preserve")
    return run


def paragraphe(parent: Any, style: str, texte: str = "") -> Any:
    """A paragraph of a style, by the identifier of this one."""
    ici = fils(parent, "w:p")
    fils(fils(ici, "w:pPr"), "w:pStyle", val=style)
    if texte:
        morceau(ici, texte)
    return ici


def champ(parent: Any, instruction: str, resultat: str) -> None:
    """A field with the result that is shown until it is computed again."""
    fils(fils(parent, "w:r"), "w:fldChar", fldCharType="begin")
    code = fils(fils(parent, "w:r"), "w:instrText")
    code.text = f" {instruction} "
    code.set(_ESPACES, "preserve")
    fils(fils(parent, "w:r"), "w:fldChar", fldCharType="separate")
    morceau(parent, resultat)
    fils(fils(parent, "w:r"), "w:fldChar", fldCharType="end")


def signet(paragraphe: Any, nom: str, numero: int) -> None:
    """A bookmark around what a paragraph holds so far."""
    debut = paragraphe.makeelement(qn("w:bookmarkStart"))
    debut.set(qn("w:id"), str(numero))
    debut.set(qn("w:name"), nom)
    place = 1 if len(paragraphe) and paragraphe[0].tag == qn("w:pPr") else 0
    paragraphe.insert(place, debut)
    fils(paragraphe, "w:bookmarkEnd", id=numero)


def nom_de_signet(cle: str) -> str:
    """A name that a bookmark may have: a letter, then letters, digits and `_`, forty at most."""
    return re.sub(r"\W", "_", cle)[:40]


def sans_date(octets: bytes) -> bytes:
    """The same archive, which does not tell when it was made."""
    sortie = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(octets)) as ici,
        zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as la,
    ):
        for membre in ici.infolist():
            fiche = zipfile.ZipInfo(membre.filename, _JOUR)
            image = membre.filename.endswith((".png", ".jpg", ".jpeg"))
            fiche.compress_type = zipfile.ZIP_STORED if image else zipfile.ZIP_DEFLATED
            fiche.external_attr = 0o600 << 16
            la.writestr(fiche, ici.read(membre))
    return sortie.getvalue()
