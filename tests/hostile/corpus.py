"""Unusual files, each written by one function: what a partner's software, or a bad day, delivers.

`ENTREES` lists them: a name, how to write the file, and the exit codes of `bilan verifier` that the
interface allows. `LIEUX` does the same for what is not a file, or is not at its place. Nothing big
is kept: big files are made when they are written.
"""

import gzip
import os
import stat
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.hostile import ecrire as e
from tests.ingestion.formats import FORMATS, Cellule, Feuille, ods_xml, tableau, xls

OUI, REJETS, REFUS = frozenset({0}), frozenset({1}), frozenset({2})
LU = OUI | REJETS
"""Read, whether rows are rejected or not: the interface leaves it open."""
TOUT = LU | REFUS
Contenu = bytes | str | Callable[[str], bytes | str]


@dataclass(frozen=True)
class Entree:
    """One hostile file; `contenu` is its content, or makes it from the name of the entry."""

    nom: str
    contenu: Contenu
    codes: frozenset[int]
    suffixe: str = ".csv"
    extrait: str = "ddcs/outils"
    lourde: bool = False
    dit: str = ""

    @property
    def chemin(self) -> str:
        """Where it goes under raw/: a part of the delivery of March 2020."""
        return f"{self.extrait}/2020-03_{self.nom.replace('_', '-')}{self.suffixe}"

    def ecrire(self, raw: Path) -> Path:
        """Write the file at its place under `raw`."""
        contenu = self.contenu(self.nom) if callable(self.contenu) else self.contenu
        octets = contenu.encode() if isinstance(contenu, str) else contenu
        chemin = raw / self.chemin
        chemin.parent.mkdir(parents=True, exist_ok=True)
        chemin.write_bytes(octets)
        return chemin


def _de(faire: Callable[..., bytes | str], *suite: object, **options: object) -> Contenu:
    """Content that a function makes from the name of the entry and these arguments."""
    return lambda nom: faire(nom, *suite, **options)


# --- Encodings, bytes, line ends -----------------------------------------------------------------


def _en(encodage: str, marque: bytes = b"") -> Callable[[str], bytes]:
    return lambda nom: marque + e.bon(nom).replace("Outil", "Été à Noël").encode(encodage)


def _remplace(avant: str, apres: str | bytes) -> Callable[[str], bytes]:
    """An accepted file in which some text became something else."""
    neuf = apres if isinstance(apres, bytes) else apres.encode()
    return lambda nom: e.bon(nom).encode().replace(avant.encode(), neuf)


def _autour(avant: bytes = b"", apres: bytes = b"") -> Callable[[str], bytes]:
    return lambda nom: avant + e.bon(nom).encode() + apres


def _long(nom: str, octets: int, fin: bytes) -> bytes:
    rangee = ";".join(e.ligne(nom, 7, nom="x" * 1000)).encode() + b"\n"
    corps = (rangee.replace(b"-7;", b"-%d;" % i) for i in range(octets // len(rangee)))
    return e.bon(nom).encode() + b"".join(corps) + fin


def _encodages() -> Iterator[Entree]:
    for nom, encodage, marque, codes in (
        ("utf8", "utf-8", b"", OUI),
        ("utf8_bom", "utf-8", b"\xef\xbb\xbf", OUI),
        ("utf8_deux_bom", "utf-8", b"\xef\xbb\xbf" * 2, TOUT),
        ("cp1252", "cp1252", b"", OUI),
        ("utf16_le_bom", "utf-16-le", b"\xff\xfe", OUI),
        ("utf16_be_bom", "utf-16-be", b"\xfe\xff", OUI),
        ("utf16_le", "utf-16-le", b"", REFUS),
        ("utf16_be", "utf-16-be", b"", REFUS),
        ("utf32_le_bom", "utf-32-le", b"\xff\xfe\0\0", REFUS),
        ("utf32_be_bom", "utf-32-be", b"\0\0\xfe\xff", REFUS),
        ("utf32_le", "utf-32-le", b"", REFUS),
        ("utf7", "utf-7", b"", TOUT),
        ("mac_roman", "mac-roman", b"", TOUT),
        ("cp850", "cp850", b"", TOUT),
        ("ebcdic", "cp500", b"", REFUS),
        ("latin9", "iso8859-15", b"", OUI),
    ):
        yield Entree(nom, _en(encodage, marque), codes)
    for octet in (0x81, 0x8D, 0x8F, 0x90, 0x9D):
        yield Entree(f"cp1252_indefini_{octet:02x}", _remplace("Outil 2", bytes([octet])), REFUS)
    yield Entree("utf8_et_cp1252", _remplace("Outil 2", b"\xc3\xa9 et \xe9"), LU)
    yield Entree("utf8_surlong", _remplace("Outil 2", b"\xc0\xaf"), LU)
    yield Entree("utf8_substitut", _remplace("Outil 2", b"\xed\xa0\x80"), LU)
    yield Entree("utf8_hors_unicode", _remplace("Outil 2", b"\xf4\x90\x80\x80"), REFUS)
    yield Entree("utf8_coupe_a_la_fin", _autour(apres=b"\xe2\x82"), LU)
    yield Entree("utf16_au_milieu", _autour(apres="é;é\n".encode("utf-16")), REFUS)
    yield Entree("mauvais_octet_apres_10_mo", lambda n: _long(n, 10 << 20, b"\x81"), REFUS)
    yield Entree("nul_au_debut", _autour(avant=b"\0"), REFUS)
    yield Entree("nul_au_milieu", _remplace("Outil 2", b"a\0b"), REFUS)
    yield Entree("nul_a_la_fin", _autour(apres=b"\0"), REFUS)
    yield Entree("que_des_nul", b"\0" * 5000, REFUS)
    yield Entree("vide", b"", REFUS)
    yield Entree("un_octet", b"x", REFUS)
    yield Entree("un_octet_nul", b"\0", REFUS)
    yield Entree("un_octet_haut", b"\xff", REFUS)
    yield Entree("un_guillemet", b'"', REFUS)
    yield Entree("deux_guillemets", b'""', REFUS)
    yield Entree("un_separateur", b";", REFUS)
    yield Entree("que_bom", b"\xef\xbb\xbf", REFUS)
    yield Entree("que_bom_utf16", b"\xff\xfe", REFUS)
    yield Entree("bom_coupe", b"\xef\xbb", REFUS)
    yield Entree("que_des_fins_de_ligne", b"\n" * 100_000, REFUS)
    yield Entree("que_des_cr", b"\r" * 100_000, REFUS)
    yield Entree("que_des_espaces", b" " * 100_000, REFUS)
    yield Entree("que_des_separateurs", (b";" * 8 + b"\n") * 5000, REFUS)
    yield Entree("bruit", _bruit(200_000), REFUS)
    yield Entree("bruit_sans_nul", _bruit(200_000).replace(b"\0", b"n"), REFUS)
    yield Entree("bruit_sous_l_entete", lambda n: e.bon(n, 0).encode() + _bruit(50_000), REFUS)
    for nom, fin, codes in (
        ("crlf", "\r\n", OUI),
        ("cr_seuls", "\r", OUI),
        ("cr_cr_lf", "\r\r\n", OUI),
        ("lf_cr", "\n\r", OUI),
        ("lignes_doubles", "\n\n", OUI),
        ("separateur_de_ligne_unicode", "\u2028", REFUS),
        ("nel", "\x85", REFUS),
        ("tabulation_verticale", "\x0b", REFUS),
        ("saut_de_page", "\x0c\n", LU),
        ("fin_ctrl_z", "\n\x1a", TOUT),
    ):
        yield Entree(nom, _de(e.bon, fin=fin), codes)
    yield Entree("fins_melangees", lambda n: _melange(n, ["\r\n", "\n", "\r", "\n"]), OUI)
    yield Entree("sans_fin_de_ligne", lambda n: e.bon(n).rstrip("\n"), OUI)
    yield Entree("cr_dans_guillemets", _remplace("Outil 2", '"a\rb\r\nc\nd"'), OUI)
    yield Entree("ctrl_z_final", _autour(apres=b"\x1a"), LU)
    yield Entree("blanc_final_immense", _autour(apres=b"\n" * 3_000_000), OUI)


def _melange(nom: str, fins: list[str]) -> str:
    return "".join(
        e.texte([rangee], fin=fin) for rangee, fin in zip(e.lignes(nom), fins, strict=True)
    )


def _bruit(octets: int) -> bytes:
    """Bytes without order, always the same."""
    etat, sortie = 12345, bytearray()
    while len(sortie) < octets:
        etat = (etat * 6364136223846793005 + 1442695040888963407) % 2**64
        sortie += (etat >> 24).to_bytes(8, "little")[:5]
    return bytes(sortie[:octets])


# --- Shapes of a table ---------------------------------------------------------------------------


def _elargi(nom: str, colonnes: int, valeur: str = "") -> str:
    entete, *corps = e.lignes(nom)
    entete += [f"c{i}" for i in range(colonnes)]
    return e.texte([entete, *(rangee + [valeur] * colonnes for rangee in corps)])


def _decale(nom: str, hauteur: int, au_dessus: str = "Relevé provisoire") -> str:
    return f"{au_dessus}\n" * (hauteur - 1) + e.bon(nom)


def _entete(*colonnes: str) -> str:
    return ";".join(colonnes) + "\n"


def _cellule(valeur: str, **autres: str) -> Callable[[str], str]:
    """Three rows that are accepted, and one with this text as its `nom`."""
    return lambda n: e.bon(n) + e.texte([e.ligne(n, 4, nom=valeur, **autres)])


def _guillemets(nom: str, sep: str = ";") -> str:
    return "".join(
        sep.join(f'"{c.replace(chr(34), chr(34) * 2)}"' for c in rangee) + "\n"
        for rangee in [*e.lignes(nom), e.ligne(nom, 4, nom='dit "le" ; petit, ou\tgrand')]
    )


def _formes() -> Iterator[Entree]:
    col = list(e.COLONNES)
    yield Entree("dix_mille_colonnes", lambda n: _elargi(n, 10_000), OUI)
    yield Entree("dix_mille_colonnes_pleines", lambda n: _elargi(n, 10_000, "v"), OUI)
    yield Entree("cent_mille_colonnes", lambda n: _elargi(n, 100_000), OUI)
    yield Entree("cent_mille_cellules_de_trop", lambda n: _cellule("x" + ";y" * 100_000)(n), REJETS)
    yield Entree(
        "cent_mille_colonnes_vides", lambda n: e.bon(n).replace("\n", ";" * 100_000 + "\n"), OUI
    )
    yield Entree("ligne_de_5_mo", b"x" * (5 << 20), REFUS)
    yield Entree("ligne_de_5_mo_en_bas", lambda n: e.bon(n) + "x" * (5 << 20), OUI)
    yield Entree("ligne_de_5_mo_de_separateurs", lambda n: e.bon(n) + ";" * (5 << 20), OUI)
    yield Entree("ligne_de_5_mo_de_virgules", lambda n: e.bon(n) + "," * (5 << 20), OUI)
    yield Entree("cellule_de_5_mo", _cellule("x" * (5 << 20)), OUI)
    yield Entree("cellule_de_5_mo_entre_guillemets", _cellule('"' + "x;\n" * (5 << 18) + '"'), OUI)
    yield Entree("entier_de_5_mo", _cellule("x", langues="9" * (5 << 20)), REJETS)
    yield Entree("unite_de_5_mo", _cellule("x", langues="1" + " " * (5 << 20) + "x"), REJETS)
    yield Entree("espaces_de_5_mo", _cellule("x", langues=" " * (5 << 20) + "3"), OUI)
    yield Entree("milliers_de_5_mo", _cellule("x", langues="1" + " 000" * (5 << 18)), REJETS)
    yield Entree("date_de_5_mo", _cellule("x", date_deploiement="1/" * (5 << 19)), REJETS)
    yield Entree("code_de_5_mo", _cellule("x", statut="É" * (5 << 19)), REJETS)
    yield Entree("guillemet_ouvert_au_debut", lambda n: '"' + e.bon(n), REFUS)
    yield Entree(
        "guillemet_ouvert_au_milieu", lambda n: e.bon(n, 20).replace("Outil 9", '"Outil 9'), REJETS
    )
    yield Entree("guillemet_ouvert_a_la_fin", lambda n: e.bon(n) + '"', REJETS)
    yield Entree(
        "guillemet_ouvert_referme_plus_bas",
        lambda n: e.bon(n, 20).replace("Outil 9", '"Outil 9').replace("Outil 15", 'le "15"'),
        REJETS,
    )
    yield Entree("guillemets_partout", _guillemets, OUI)
    yield Entree("guillemets_partout_virgules", lambda n: _guillemets(n, ","), OUI)
    yield Entree("guillemets_dans_le_texte", _cellule('écran de 15" plat'), OUI)
    yield Entree("guillemets_doubles_nus", _cellule('dit ""tout""'), OUI)
    yield Entree("guillemets_apres_espace", _cellule(' "cité"'), OUI)
    yield Entree("guillemet_puis_texte", _cellule('"cité" et plus'), REJETS)
    yield Entree("mille_guillemets", b'"' * 1000, REFUS)
    yield Entree("mille_et_un_guillemets", b'"' * 1001, REFUS)
    yield Entree("guillemets_de_6_mo", b'"' * (6 << 20), REFUS)
    yield Entree("guillemets_de_6_mo_en_bas", lambda n: e.bon(n) + '"' * (6 << 20), TOUT)
    yield Entree(
        "apostrophes_comme_guillemets", lambda n: e.bon(n).replace("Outil 2", "'a;b'"), REJETS
    )
    yield Entree("guillemets_typographiques", _cellule("“a” «b»"), OUI)
    yield Entree("entete_seul", lambda n: e.bon(n, 0), REFUS)
    yield Entree("entete_seul_sans_fin", ";".join(col), REFUS)
    yield Entree("entete_deux_fois", lambda n: e.bon(n, 0) + e.bon(n), OUI)
    yield Entree("entete_repete_partout", lambda n: e.bon(n, 0) * 30 + e.bon(n), OUI)
    yield Entree("entete_ligne_30", lambda n: _decale(n, 30), OUI)
    yield Entree("entete_ligne_31", lambda n: _decale(n, 31), REFUS)
    yield Entree("entete_ligne_30_vides", lambda n: _decale(n, 30, ""), OUI)
    yield Entree("entete_ligne_31_vides", lambda n: _decale(n, 31, ""), REFUS)
    yield Entree("sans_entete", lambda n: e.texte(e.lignes(n)[1:]), REFUS)
    yield Entree("entete_apres_les_lignes", lambda n: e.texte(reversed(e.lignes(n))), REFUS)
    yield Entree(
        "colonne_obligatoire_absente",
        lambda n: e.bon(n).replace("statut", "etat"),
        REFUS,
        dit="statut",
    )
    yield Entree(
        "colonne_deux_fois", lambda n: e.bon(n).replace("mots", "langues"), REFUS, dit="langues"
    )
    yield Entree(
        "colonne_obligatoire_deux_fois", lambda n: e.bon(n).replace("mots", "NOM"), REFUS, dit="nom"
    )
    yield Entree("colonnes_sans_nom", lambda n: e.bon(n).replace("mots", ""), REFUS)
    yield Entree(
        "entete_en_capitales", lambda n: e.bon(n).replace(";".join(col), ";".join(col).upper()), OUI
    )
    yield Entree("entete_zero_largeur", lambda n: e.bon(n).replace("statut", "sta\u200btut"), OUI)
    yield Entree(
        "entete_insecable",
        lambda n: e.bon(n).replace("numero_outil", "\u00a0Numéro\u202foutil "),
        OUI,
    )
    yield Entree(
        "entete_sur_deux_lignes", lambda n: e.bon(n).replace("numero_outil", '"Numéro\noutil"'), OUI
    )
    yield Entree(
        "separateurs_melanges", lambda n: e.bon(n).replace("REPERTOIRE;", "REPERTOIRE,"), REFUS
    )
    yield Entree(
        "entete_virgule_corps_point_virgule",
        lambda n: e.texte(e.lignes(n)[:1], ",") + e.texte(e.lignes(n)[1:]),
        REFUS,
    )
    yield Entree("virgules", lambda n: e.bon(n, sep=","), OUI)
    yield Entree("tabulations", lambda n: e.bon(n, sep="\t"), OUI)
    for nom, sep in (("barres", "|"), ("deux_points", ":"), ("espaces", " "), ("deux_car", "||")):
        yield Entree(f"separateur_{nom}", _de(e.bon, sep=sep), REFUS)
    yield Entree(
        "largeur_fixe",
        lambda n: "".join("".join(c.ljust(20) for c in r) + "\n" for r in e.lignes(n)),
        REFUS,
    )
    yield Entree("ligne_sep", lambda n: "sep=;\n" + e.bon(n), OUI)
    yield Entree("ligne_sep_fausse", lambda n: "sep=,\n" + e.bon(n), REFUS)
    yield Entree("ligne_sep_guillemets", lambda n: '"sep=;"\r\n' + e.bon(n, fin="\r\n"), OUI)
    yield Entree("lignes_courtes", lambda n: e.bon(n) + f"{n}-9;REPERTOIRE;x;;PREVU\n", OUI)
    yield Entree("lignes_d_une_cellule", lambda n: e.bon(n) + "fin du fichier\n", OUI)
    yield Entree("lignes_trop_longues", _cellule("a;b"), REJETS)
    yield Entree("que_des_totaux", lambda n: e.bon(n, 0) + "Total;;;;;;;3;4\n" * 3, REFUS)
    yield Entree(
        "totaux_mele", lambda n: e.bon(n) + ";;Sous-total;;;;;3;4\nTOTAUX;;;;;;;3;4\n", OUI
    )
    yield Entree("totalement", _cellule("x", numero_outil="totalement"), OUI)
    yield Entree("lignes_vides_partout", lambda n: e.bon(n).replace("\n", "\n;;;;;;;;\n\n"), TOUT)
    yield Entree(
        "vingt_mille_lignes_vides",
        lambda n: e.bon(n) + ";;;;;;;;\n" * 20_000 + e.texte([e.ligne(n, 8)]),
        OUI,
    )
    yield Entree(
        "cles_toutes_pareilles", lambda n: e.bon(n, 0) + e.texte([e.ligne(n, 1)] * 50), REFUS
    )
    yield Entree("tout_rejete", lambda n: e.bon(n).replace("PREVU", "?"), REFUS)
    yield Entree("trois_rejets", lambda n: e.bon(n, 4).replace("3;12", "x;12", 3), REJETS)
    yield Entree("quatre_rejets", lambda n: e.bon(n, 5).replace("3;12", "x;12", 4), REFUS)
    yield Entree(
        "retraits",
        lambda n: e.texte([[*col, "retrait"], [*e.ligne(n), "O"], [f"{n}-2", *[""] * 8, "oui"]]),
        OUI,
    )
    yield Entree(
        "retrait_fou",
        lambda n: e.texte(
            [
                [*col, "retrait"],
                *[[*e.ligne(n, i), ""] for i in (1, 2)],
                [*e.ligne(n, 3), "peut-être"],
            ]
        ),
        REJETS,
    )
    yield Entree("cent_mille_lignes_d_un_car", lambda n: e.bon(n) + "x\n" * 100_000, OUI)


# --- Texts, numbers, dates -----------------------------------------------------------------------

TEXTES = {
    "controle": "\x01\x02\x07\x08\x1b[31mrouge\x1b[0m",
    "suppression": "a\x7fb",
    "c1": "a\x85b\x9bc",
    "de_droite_a_gauche": "\u202etxet\u202c مرحبا",
    "zero_largeur": "a\u200b\u200d\ufeffb",
    "emoji": "👩‍👩‍👧‍👦 🇫🇷 🏳️‍🌈",
    "combinants": "e" + "\u0301" * 500,
    "non_caracteres": "\ufffe\uffff\U0010ffff",
    "usage_prive": "\ue000\ue0002020-01-01",
    "mathematiques": "𝓞𝓾𝓽𝓲𝓵",
    "ligatures": "ﬁ ﬂ œ ǆ ß İ ı",
    "formule": "=cmd|' /C calc'!A0",
    "formule_plus": '+HYPERLINK("http://x.example"&A1)',
    "formule_moins": "-2+3",
    "formule_arobase": "@SUM(1+1)*cmd|' /C calc'!A0",
    "html": "<script>alert(1)</script>",
    "sql": "'); drop table livraisons.ddcs_outils; --",
    "sql_unicode": "ʼ; select 1",
    "format": "%s%n{0}{nom}$HOME`id`",
    "chemin": "../../../../etc/passwd",
    "jinja": "{{ 7*7 }}",
    "barre_oblique": "a\\nb\\",
    "retour_chariot_seul": "a\u2028b\u2029c",
    "nan": "NaN",
    "null": "NULL",
    "none": "None",
    "vrai": "TRUE",
    "erreur_excel": "#REF!",
}
"""Texts that are what they are: each is accepted as it stands."""

NOMBRES = {
    "dix_puissance_400": ("1" + "0" * 400, REJETS),
    "mille_exposant_999": ("1e999", REJETS),
    "exposant": ("1e3", REJETS),
    "nan": ("NaN", REJETS),
    "inf": ("inf", REJETS),
    "moins_inf": ("-Infinity", REJETS),
    "infini": ("∞", REJETS),
    "hexadecimal": ("0x1F", REJETS),
    "octal": ("0o17", REJETS),
    "souligne": ("1_000", REJETS),
    "negatif": ("-1", REJETS),
    "moins_zero": ("-0", LU),
    "moins_typographique": ("−1", REJETS),
    "plus": ("+1", REJETS),
    "double_moins": ("--1", REJETS),
    "virgule_seule": (",", REJETS),
    "sans_entier": (",5", REJETS),
    "sans_decimales": ("5,", REJETS),
    "decimales": ("12,5", REJETS),
    "decimales_nulles": ("12,0", OUI),
    "milliers": ("1 000", OUI),
    "milliers_insecables": ("1\u202f000\u00a0000", OUI),
    "milliers_faux": ("10 00", REJETS),
    "milliers_apostrophe": ("1'000", REJETS),
    "milliers_anglais": ("1.000,00", REJETS),
    "pleine_chasse": ("１２", REJETS),
    "arabe": ("٣٤", REJETS),
    "devanagari": ("१२", REJETS),
    "exposant_unicode": ("²", REJETS),
    "fraction": ("½", REJETS),
    "romain": ("Ⅻ", REJETS),
    "int64_max": ("9223372036854775807", LU),
    "int64_depasse": ("9223372036854775808", REJETS),
    "int64_min": ("-9223372036854775808", REJETS),
    "cent_chiffres": ("7" * 100, REJETS),
    "cent_zeros": ("0" * 100 + "7", LU),
    "cinq_mille_chiffres": ("7" * 5000, REJETS),
    "pourcent": ("12 %", OUI),
    "euros": ("12 €", OUI),
    "date": ("01/02/2020", REJETS),
    "texte": ("douze", REJETS),
    "apostrophe": ("'12", REJETS),
    "booleen": ("VRAI", REJETS),
}
DATES = {
    "31_06": ("31/06/2020", REJETS),
    "29_02_commun": ("29/02/2019", REJETS),
    "29_02": ("29/02/2020", OUI),
    "29_02_2100": ("29/02/2100", REJETS),
    "jour_0": ("0/1/2020", REJETS),
    "mois_0": ("1/0/2020", REJETS),
    "mois_13": ("1/13/2020", REJETS),
    "jour_32": ("32/1/2020", REJETS),
    "iso_fausse": ("2020-02-30", REJETS),
    "courte": ("1/2/2020", OUI),
    "iso_courte": ("2020-1-2", OUI),
    "annee_courte": ("01/02/20", REJETS),
    "a_l_envers": ("2020/01/02", REJETS),
    "tirets": ("02-01-2020", OUI),
    "points": ("02.01.2020", OUI),
    "americaine": ("12/31/2019", REJETS),
    "serie": ("43831", REJETS),
    "serie_decimale": ("43831.5", REJETS),
    "annee_0": ("0000-01-01", REJETS),
    "annee_9999": ("9999-12-31", REJETS),
    "annee_10000": ("10000-01-01", REJETS),
    "annee_1999": ("31/12/1999", REJETS),
    "annee_2101": ("2101-01-01", REJETS),
    "negative": ("-2020-01-01", REJETS),
    "minuit": ("2020-01-01 00:00:00", OUI),
    "heure": ("2020-01-01 10:00:00", REJETS),
    "iso_t": ("2020-01-01T00:00:00Z", REJETS),
    "heure_seule": ("12:30:00", REJETS),
    "en_lettres": ("1er janvier 2020", REJETS),
    "semaine": ("2020-W01-3", REJETS),
    "jour_de_l_an": ("2020-001", REJETS),
    "pleine_chasse": ("２０２０-０１-０１", REJETS),
    "arabe": ("٠١/٠١/٢٠٢٠", REJETS),
    "zero_largeur": ("\u200b2020-01-01", REJETS),
    "marque_interne": ("\ue0002020-02-31", REJETS),
    "intervalle": ("01/01/2020-31/01/2020", REJETS),
    "aujourdhui": ("=TODAY()", REJETS),
    "vide_a_sa_facon": ("n.a.", OUI),
}
MOIS = {
    "bon": ("2020-01", OUI),
    "francais": ("01/2020", OUI),
    "mois_13": ("2020-13", REJETS),
    "mois_0": ("00/2020", REJETS),
    "marque_interne": ("\ue000n'importe quoi", REJETS),
    "marque_interne_fausse": ("\ue0002020-99-99", REJETS),
    "marque_seule": ("\ue000", REJETS),
    "annee_9999": ("9999-12", REJETS),
    "annee_0000": ("0000-01", REJETS),
    "date_entiere": ("02/01/2020", REJETS),
    "premier_jour": ("01/01/2020", OUI),
    "en_lettres": ("janv-20", OUI),
    "en_lettres_de_5_mo": ("janv" + " " * (5 << 20) + "20", REJETS),
}


def _mois(nom: str, valeur: str) -> str:
    entete = "mois;departement;langue;structure;mode;demandes;demandes_honorees;duree_minutes\n"
    bonnes = "".join(f"2020-01;59;ara;{nom}-{i};TELEPHONE;3;2;60\n" for i in range(3))
    return f"{entete}{bonnes}{valeur};59;ara;{nom};TELEPHONE;3;2;60\n"


def _decimal(nom: str, valeur: str) -> str:
    entete = "numero_contrat;type_contrat;departement;signataire;date_signature;montant_prevu\n"
    bonnes = "".join(f"{nom}-{i};CAI;59;Lille;01/02/2020;1000,50\n" for i in range(3))
    return f"{entete}{bonnes}{nom}-9;CAI;59;Lille;01/02/2020;{valeur}\n"


def _personne(nom: str, **champs: str) -> str:
    colonnes = ["numero_cir", "numero_etranger", "departement", "date_signature", "date_naissance"]
    corps = [[f"{nom}-{i}", f"{i:010}", "59", "01/02/2020", "03/04/1990"] for i in range(4)]
    corps[3] = [champs.get(c, v) for c, v in zip(colonnes, corps[3], strict=True)]
    return e.texte([colonnes, *corps])


def _valeurs() -> Iterator[Entree]:
    for nom, valeur in TEXTES.items():
        yield Entree(f"texte_{nom}", _cellule(f'"{valeur.replace(chr(34), chr(34) * 2)}"'), OUI)
        if nom not in ("controle", "usage_prive", "non_caracteres", "sql", "combinants", "formule"):
            continue
        yield Entree(
            f"cle_{nom}",
            _cellule("x", numero_outil=f'"{valeur.replace(chr(34), chr(34) * 2)}"'),
            OUI,
        )
    for nom, (valeur, codes) in NOMBRES.items():
        yield Entree(f"entier_{nom}", _cellule("x", langues=valeur), codes)
        if nom in ("souligne", "plus", "romain", "devanagari", "arabe", "pleine_chasse", "octal"):
            continue
        codes = {"exposant": REJETS, "decimales": OUI, "int64_depasse": OUI}.get(nom, codes)
        codes = TOUT if nom in ("dix_puissance_400", "cent_chiffres", "cent_zeros") else codes
        yield Entree(f"decimal_{nom}", _de(_decimal, valeur), codes, extrait="ddcs/contrats")
    for nom, (valeur, codes) in DATES.items():
        yield Entree(f"date_{nom}", _cellule("x", date_deploiement=valeur), codes)
    for nom, (valeur, codes) in MOIS.items():
        yield Entree(f"mois_{nom}", _de(_mois, valeur), codes, extrait="ars/interpretariat")
    for nom, champs in {
        "numero_court": {"numero_etranger": "12"},
        "numero_pleine_chasse": {"numero_etranger": "１２３４５６７８９０"},
        "ne_demain": {"date_naissance": "01/01/2090"},
        "ne_en_1899": {"date_naissance": "31/12/1899"},
        "substitut": {"numero_cir": "\ufffd" * 3000},
    }.items():
        yield Entree(
            f"personne_{nom}",
            _de(_personne, **champs),
            OUI if nom == "substitut" else REJETS,
            extrait="ofii/cir_signataires",
        )


# --- Other formats under a wrong name ------------------------------------------------------------

_PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBB", 13, b"IHDR", 1, 1, 8, 2, 0, 0, 0)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + b"\x3e\0\x03\0\xfe\xff\x09\0"
_ODS = e.zipper(
    {
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": b"<office:document-content/>",
        "META-INF/manifest.xml": b"<manifest:manifest/>",
    }
)
_CHIFFRE = _OLE + b"\0" * 480 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 4096
AUTRES = {
    "html": b"<!DOCTYPE html><html><body><table><tr><td>numero_outil</td></tr></table></html>",
    "json": b'[{"numero_outil": "O1", "statut": "PREVU"}]\n',
    "xml": b'<?xml version="1.0"?><outils><outil numero="1"/></outils>',
    "sql": b"insert into outils values ('O1', 'PREVU');\n" * 50,
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n",
    "png": _PNG,
    "jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\x55" * 500,
    "zip": e.zipper({"2020-03.csv": e.bon("zip").encode()}),
    "zip_vide": b"PK\x05\x06" + b"\0" * 18,
    "gzip": gzip.compress(e.bon("gzip").encode(), mtime=0),
    "zlib": zlib.compress(e.bon("zlib").encode()),
    "sept_zip": b"7z\xbc\xaf\x27\x1c" + b"\x04" * 60,
    "ods": _ODS,
    "xls": _OLE + b"\0" * 4096,
    "xlsx_chiffre": _CHIFFRE,
    "xlsb": e.zipper({"xl/workbook.bin": b"\x83\x01\x00", "[Content_Types].xml": b"<Types/>"}),
    "docx": e.zipper({"word/document.xml": b"<w:document/>", "[Content_Types].xml": b"<Types/>"}),
    "rtf": b"{\\rtf1\\ansi numero_outil}",
    "eml": b"From: a@b.example\nSubject: livraison\n\nVoici le fichier.\n",
    "parquet": b"PAR1" + b"\x15\x04" * 50 + b"PAR1",
    "sqlite": b"SQLite format 3\0" + b"\0" * 100,
    "elf": b"\x7fELF\x02\x01\x01" + b"\0" * 100,
    "sylk": b'ID;PWXL;N;E\nC;Y1;X1;K"numero_outil"\nE\n',
    "lfs": b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12345\n",
    "page_de_connexion": b"<html><title>Connexion</title><form>Mot de passe</form></html>" * 20,
}


def _formats() -> Iterator[Entree]:
    for nom, octets in AUTRES.items():
        for suffixe in (".csv", ".xlsx", ".ods", ".xls", ".xlsb"):
            yield Entree(f"{nom}_en{suffixe.replace('.', '_')}", octets, REFUS, suffixe)
    yield Entree("xlsx_en_csv", lambda n: e.xlsx(e.lignes(n)), REFUS)
    yield Entree("csv_en_xlsx", lambda n: e.bon(n), REFUS, ".xlsx")
    yield Entree("vide_en_xlsx", b"", REFUS, ".xlsx")
    yield Entree("un_octet_en_xlsx", b"P", REFUS, ".xlsx")


# --- Workbooks -----------------------------------------------------------------------------------


def _classeur(
    nom: str,
    suffixe: str = "",
    *,
    plus: str = "",
    remplace: tuple[str, str] = ("", ""),
    **options: object,
) -> bytes:
    """A workbook that is accepted, with more XML after its rows, or some of it replaced."""
    donnees = e.rangees_xml(e.lignes(nom)) + plus
    feuille = e.feuille_xml(donnees.replace(*remplace) if remplace[0] else donnees, suffixe)
    return e.zipper(e.parties(feuille, **options))  # type: ignore[arg-type]


def _sans(*retirees: str) -> Callable[[str], bytes]:
    def faire(nom: str) -> bytes:
        contenu = e.parties(e.feuille_xml(e.rangees_xml(e.lignes(nom))))
        return e.zipper({k: v for k, v in contenu.items() if k not in retirees})

    return faire


def _avec(**remplacees: bytes) -> Callable[[str], bytes]:
    """A workbook some parts of which are replaced: workbook, liens, feuille, types, styles."""
    places = {
        "workbook": "xl/workbook.xml",
        "liens": "xl/_rels/workbook.xml.rels",
        "feuille": "xl/worksheets/sheet1.xml",
        "types": "[Content_Types].xml",
        "styles": "xl/styles.xml",
        "textes": "xl/sharedStrings.xml",
    }

    def faire(nom: str) -> bytes:
        contenu = e.parties(e.feuille_xml(e.rangees_xml(e.lignes(nom))))
        return e.zipper(contenu | {places[k]: v for k, v in remplacees.items()})

    return faire


def _partages(nom: str, chaines: list[str] | None = None, decalage: int = 0) -> bytes:
    """A workbook whose texts are shared strings."""
    rangees = e.lignes(nom)
    tous = sorted({c for rangee in rangees for c in rangee})
    donnees = "".join(
        f'<row r="{n}">'
        + "".join(
            f'<c r="{e.lettres(i)}{n}" t="s"><v>{tous.index(c) + decalage}</v></c>'
            for i, c in enumerate(rangee)
        )
        + "</row>"
        for n, rangee in enumerate(rangees, 1)
    )
    si = [f"<si><t>{c}</t></si>" for c in tous] if chaines is None else chaines
    return e.zipper(e.parties(e.feuille_xml(donnees), textes=e.textes_xml(si)))


def _quatrieme(nom: str, colonne: str, cellule: str) -> bytes:
    """Three accepted rows and a fourth, one cell of which is this XML (`{r}`: its place)."""
    rang = e.COLONNES.index(colonne)
    place = f"{e.lettres(rang)}5"
    cellules = [e.cellule(f"{e.lettres(i)}5", c) for i, c in enumerate(e.ligne(nom, 4))]
    cellules[rang] = cellule.replace("{r}", place)
    return _classeur(nom, plus=f'<row r="5">{"".join(cellules)}</row>')


def _plusieurs(nom: str, *feuilles: tuple[str, str, bool], genre: str = "worksheet") -> bytes:
    """Sheets by name and state; only some hold the table."""
    pleine = e.feuille_xml(e.rangees_xml(e.lignes(nom)))
    vide = e.feuille_xml("")
    return e.zipper(
        e.parties(
            *(pleine if table else vide for *_, table in feuilles),
            noms=[(n, etat) for n, etat, _ in feuilles],
            genre=genre,
        )
    )


def _coupe(nom: str, part: float) -> bytes:
    octets = e.xlsx(e.lignes(nom, 200))
    return octets[: int(len(octets) * part)]


def _gater(nom: str, ou: bytes, quoi: bytes, dernier: bool = True) -> bytes:
    octets = bytearray(e.xlsx(e.lignes(nom)))
    place = octets.rfind(ou) if dernier else octets.find(ou)
    octets[place : place + len(quoi)] = quoi
    return bytes(octets)


_BOMBE = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">'
    + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12))
    + "]>"
)
_EXTERNE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 SYSTEM "file:///etc/passwd">]>'


def _entites(nom: str, dtd: str, entite: str) -> bytes:
    feuille = e.feuille_xml(e.rangees_xml(e.lignes(nom)).replace("Outil 2", entite))
    return e.zipper(e.parties(dtd.encode() + feuille.split(b"?>", 1)[1].replace(b"&amp;", b"&")))


def _plat(nom: str, autre: tuple[str, bytes]) -> bytes:
    """The parts of a workbook, then one more of any name, even of one that is there already."""
    contenu = list(e.parties(e.feuille_xml(e.rangees_xml(e.lignes(nom)))).items())
    return e.zipper([*contenu, autre])


def _cible(cible: str, place: str = "xl/worksheets/sheet1.xml") -> Callable[[str], bytes]:
    def faire(nom: str) -> bytes:
        contenu = e.parties(e.feuille_xml(e.rangees_xml(e.lignes(nom))), cibles=[cible])
        contenu[place] = contenu.pop("xl/worksheets/sheet1.xml")
        return e.zipper(contenu)

    return faire


def _loin(nom: str, cellule: str) -> bytes:
    """The table, and far from it one more cell, however it is written."""
    return _classeur(nom, plus=f'<row r="1048576">{cellule}</row>')


def _sans_reference(nom: str, sans_ligne: bool = False) -> bytes:
    donnees = e.rangees_xml(e.lignes(nom)).replace(
        "<row r=", "<row x=" if sans_ligne else "<row r="
    )
    return e.zipper(e.parties(e.feuille_xml(_sans_r(donnees))))


def _sans_r(donnees: str) -> str:
    morceaux = donnees.split('<c r="')
    return morceaux[0] + "".join("<c" + m.split('"', 1)[1] for m in morceaux[1:])


CELLULES: dict[str, tuple[str, str, frozenset[int]]] = {
    "entier": ("langues", '<c r="{r}"><v>12</v></c>', OUI),
    "entier_point_zero": ("langues", '<c r="{r}"><v>12.0</v></c>', OUI),
    "entier_exposant": ("langues", '<c r="{r}"><v>1.2E1</v></c>', OUI),
    "infini": ("langues", '<c r="{r}"><v>1e999</v></c>', REJETS),
    "moins_infini": ("langues", '<c r="{r}"><v>-1e999</v></c>', REJETS),
    "nan": ("langues", '<c r="{r}"><v>NaN</v></c>', REJETS),
    "inf_en_lettres": ("langues", '<c r="{r}"><v>inf</v></c>', REJETS),
    "dix_puissance_300": ("langues", '<c r="{r}"><v>1e300</v></c>', REJETS),
    "minuscule": ("langues", '<c r="{r}"><v>1e-320</v></c>', OUI),
    "nombre_faux": ("langues", '<c r="{r}"><v>douze</v></c>', TOUT),
    "nombre_de_5_mo": ("langues", f'<c r="{{r}}"><v>{"9" * (5 << 20)}</v></c>', TOUT),
    "valeur_vide": ("langues", '<c r="{r}"><v></v></c>', OUI),
    "sans_valeur": ("langues", '<c r="{r}"/>', OUI),
    "booleen": ("langues", '<c r="{r}" t="b"><v>1</v></c>', REJETS),
    "booleen_fou": ("langues", '<c r="{r}" t="b"><v>peut-être</v></c>', TOUT),
    "erreur": ("langues", '<c r="{r}" t="e"><v>#N/A</v></c>', REJETS),
    "erreur_formule": ("langues", '<c r="{r}" t="e"><f>1/0</f><v>#DIV/0!</v></c>', REJETS),
    "erreur_inconnue": ("langues", '<c r="{r}" t="e"><v>#SPILL!</v></c>', REFUS),
    "erreur_sans_valeur": ("langues", '<c r="{r}" t="e"/>', LU),
    "erreur_cle": ("numero_outil", '<c r="{r}" t="e"><v>#REF!</v></c>', LU),
    "formule": ("langues", '<c r="{r}"><f>6*2</f><v>12</v></c>', OUI),
    "formule_sans_valeur": ("langues", '<c r="{r}"><f>6*2</f></c>', OUI),
    "formule_texte": ("nom", '<c r="{r}" t="str"><f>"a"&amp;"b"</f><v>ab</v></c>', OUI),
    "formule_partagee": (
        "langues",
        '<c r="{r}"><f t="shared" ref="A1:XFD1048576" si="4294967295">A1</f><v>3</v></c>',
        OUI,
    ),
    "formule_matricielle": (
        "langues",
        '<c r="{r}"><f t="array" ref="A1:XFD1048576">A1</f><v>3</v></c>',
        OUI,
    ),
    "type_inconnu": ("nom", '<c r="{r}" t="zz"><v>a</v></c>', TOUT),
    "style_inconnu": ("langues", '<c r="{r}" s="99999"><v>3</v></c>', OUI),
    "style_negatif": ("langues", '<c r="{r}" s="-1"><v>3</v></c>', TOUT),
    "texte_partage_absent": ("nom", '<c r="{r}" t="s"><v>99</v></c>', TOUT),
    "texte_partage_negatif": ("nom", '<c r="{r}" t="s"><v>-1</v></c>', TOUT),
    "texte_partage_immense": ("nom", '<c r="{r}" t="s"><v>99999999999999999999</v></c>', TOUT),
    "date": ("date_deploiement", '<c r="{r}" s="1"><v>43831</v></c>', OUI),
    "date_sans_style": ("date_deploiement", '<c r="{r}"><v>43831</v></c>', REJETS),
    "date_negative": ("date_deploiement", '<c r="{r}" s="1"><v>-43831</v></c>', REJETS),
    "date_0": ("date_deploiement", '<c r="{r}" s="1"><v>0</v></c>', REJETS),
    "date_60": ("date_deploiement", '<c r="{r}" s="1"><v>60</v></c>', REJETS),
    "date_9999": ("date_deploiement", '<c r="{r}" s="1"><v>2958465</v></c>', REJETS),
    "date_10000": ("date_deploiement", '<c r="{r}" s="1"><v>2958466</v></c>', REJETS),
    "date_immense": ("date_deploiement", '<c r="{r}" s="1"><v>1e18</v></c>', REJETS),
    "date_infinie": ("date_deploiement", '<c r="{r}" s="1"><v>1e999</v></c>', REJETS),
    "date_nan": ("date_deploiement", '<c r="{r}" s="1"><v>NaN</v></c>', REJETS),
    "date_iso": ("date_deploiement", '<c r="{r}" t="d"><v>2020-01-01</v></c>', OUI),
    "date_iso_heure": ("date_deploiement", '<c r="{r}" t="d"><v>2020-01-01T12:00:00</v></c>', LU),
    "date_iso_fausse": ("date_deploiement", '<c r="{r}" t="d"><v>2020-02-31</v></c>', REJETS),
    "date_dans_un_nombre": ("langues", '<c r="{r}" s="1"><v>43831</v></c>', REJETS),
    "date_dans_un_texte": ("nom", '<c r="{r}" s="1"><v>43831</v></c>', OUI),
    "date_dans_un_code": ("statut", '<c r="{r}" s="1"><v>43831</v></c>', REJETS),
    "heure": ("langues", '<c r="{r}" s="2"><v>0.5</v></c>', REJETS),
    "heure_dans_une_date": ("date_deploiement", '<c r="{r}" s="2"><v>0.5</v></c>', REJETS),
    "duree_negative": ("langues", '<c r="{r}" s="2"><v>-3.25</v></c>', REJETS),
    "pourcentage": ("langues", '<c r="{r}" s="3"><v>0.5</v></c>', REJETS),
    "texte_riche": (
        "nom",
        '<c r="{r}" t="inlineStr"><is><r><t>a</t></r><r><rPr><b/></rPr><t>b</t></r></is></c>',
        OUI,
    ),
    "phonetique": (
        "nom",
        '<c r="{r}" t="inlineStr"><is><t>漢字</t><rPh sb="0" eb="2"><t>かんじ</t></rPh></is></c>',
        OUI,
    ),
    "echappement_excel": (
        "nom",
        '<c r="{r}" t="inlineStr"><is><t>_x0000__x001B_</t></is></c>',
        OUI,
    ),
    "entite_nul": ("nom", '<c r="{r}" t="inlineStr"><is><t>&#0;</t></is></c>', TOUT),
    "entite_hors_unicode": ("nom", '<c r="{r}" t="inlineStr"><is><t>&#x110000;</t></is></c>', TOUT),
    "entite_substitut": ("nom", '<c r="{r}" t="inlineStr"><is><t>&#xD800;</t></is></c>', TOUT),
    "entite_inconnue": ("nom", '<c r="{r}" t="inlineStr"><is><t>&nbsp;</t></is></c>', TOUT),
    "cdata": ("nom", '<c r="{r}" t="inlineStr"><is><t><![CDATA[a<b]]></t></is></c>', TOUT),
    "commentaire_xml": ("nom", '<c r="{r}" t="inlineStr"><is><t>a<!-- b -->c</t></is></c>', TOUT),
    "utf8_faux": ("nom", '<c r="{r}" t="str"><v>\u0080\uffff\ufffe</v></c>', TOUT),
    "texte_de_5_mo": ("nom", f'<c r="{{r}}" t="str"><v>{"x" * (5 << 20)}</v></c>', OUI),
    "reference_fausse": ("nom", '<c r="?!"><v>1</v></c>', TOUT),
    "reference_vide": ("nom", '<c r=""><v>1</v></c>', TOUT),
    "reference_immense": ("nom", '<c r="ZZZZZZZZ99999999999"><v>1</v></c>', TOUT),
    "reference_ligne_0": ("nom", '<c r="A0"><v>1</v></c>', TOUT),
    "reference_hors_feuille": ("nom", '<c r="ZZZ5"><v>1</v></c>', TOUT),
    "cellule_en_double": (
        "nom",
        '<c r="{r}" t="str"><v>a</v></c><c r="{r}" t="str"><v>b</v></c>',
        TOUT,
    ),
    "cellule_ouverte": ("nom", '<c r="{r}" t="str"><v>a</v>', TOUT),
}


def _classeurs() -> Iterator[Entree]:
    def entree(nom: str, contenu: Contenu, codes: frozenset[int], **suite: object) -> Entree:
        return Entree(f"xl_{nom}", contenu, codes, ".xlsx", **suite)  # type: ignore[arg-type]

    yield entree("bon", _classeur, OUI)
    for pour_cent in (1, 10, 50, 90, 99):
        yield entree(f"coupe_{pour_cent}", _de(_coupe, pour_cent / 100), REFUS)
    yield entree("seconde_moitie", lambda n: e.xlsx(e.lignes(n))[700:], TOUT)
    yield entree("octets_devant", lambda n: b"bonjour" * 10 + e.xlsx(e.lignes(n)), TOUT)
    yield entree("octets_derriere", lambda n: e.xlsx(e.lignes(n)) + b"au revoir" * 10, TOUT)
    yield entree("repertoire_gate", lambda n: _gater(n, b"PK\x01\x02", b"PK\x09\x09"), REFUS)
    yield entree(
        "decalage_gate", lambda n: _gater(n, b"PK\x05\x06", b"PK\x05\x06" + b"\xff" * 16), REFUS
    )
    yield entree("entete_local_gate", lambda n: _gater(n, b"PK\x03\x04", b"PK\x09\x09"), REFUS)
    yield entree("donnees_gatees", lambda n: _gater(n, b"PK\x03\x04", b"\xff" * 120), REFUS)
    yield entree(
        "methode_inconnue",
        lambda n: _gater(n, b"PK\x01\x02", b"PK\x01\x02\x14\0\x14\0\0\0\x63\0"),
        REFUS,
    )
    yield entree(
        "marque_chiffree",
        lambda n: _gater(n, b"PK\x01\x02", b"PK\x01\x02\x14\0\x14\0\x01\0"),
        REFUS,
    )
    yield entree("taille_mensongere", lambda n: _taille(n, 10), REFUS)
    yield entree("taille_immense", lambda n: _taille(n, 0xFFFFFFF0), REFUS)
    for nom, retiree in (
        ("workbook", "xl/workbook.xml"),
        ("liens", "xl/_rels/workbook.xml.rels"),
        ("feuille", "xl/worksheets/sheet1.xml"),
    ):
        yield entree(f"sans_{nom}", _sans(retiree), REFUS)
    yield entree("sans_types", _sans("[Content_Types].xml"), TOUT)
    yield entree("sans_styles", _sans("xl/styles.xml"), OUI)
    yield entree("sans_liens_racine", _sans("_rels/.rels"), TOUT)
    for part in ("workbook", "liens", "feuille", "styles", "textes"):
        for mal, octets in (
            ("vide", b""),
            ("bruit", b"\x00\xff\xfe<<<>>>&&&"),
            ("ouvert", b"<worksheet><sheetData><row r='1'><c r='A1'><v>1"),
            ("bombe", (_BOMBE + "<x>&a11;</x>").encode()),
            ("utf16", '<?xml version="1.0" encoding="UTF-16"?><x/>'.encode("utf-16")),
        ):
            codes = REFUS if part in ("workbook", "liens", "feuille") else TOUT
            yield entree(f"{part}_{mal}", _avec(**{part: octets}), codes)
    yield entree("aucune_feuille", _avec(workbook=e.classeur_xml([])), REFUS)
    yield entree("feuille_sans_ligne", _avec(feuille=e.feuille_xml("")), REFUS)
    yield entree("feuille_sans_donnees", _avec(feuille=b"<worksheet/>"), REFUS)
    yield entree(
        "dimension_menteuse",
        lambda n: e.zipper(
            e.parties(
                e.feuille_xml(e.rangees_xml(e.lignes(n)), avant='<dimension ref="A1:XFD1048576"/>')
            )
        ),
        OUI,
    )
    yield entree(
        "dimension_fausse",
        lambda n: e.zipper(
            e.parties(e.feuille_xml(e.rangees_xml(e.lignes(n)), avant='<dimension ref="?:!"/>'))
        ),
        TOUT,
    )
    yield entree(
        "que_cachees",
        lambda n: _plusieurs(n, ("A", "hidden", True), ("B", "veryHidden", True)),
        REFUS,
    )
    yield entree(
        "cachee_puis_visible",
        lambda n: _plusieurs(n, ("A", "hidden", True), ("B", "visible", True)),
        OUI,
    )
    yield entree(
        "vide_puis_pleine",
        lambda n: _plusieurs(n, ("A", "visible", False), ("B", "visible", True)),
        OUI,
    )
    yield entree("etat_inconnu", lambda n: _plusieurs(n, ("A", "peut-être", True)), TOUT)
    yield entree(
        "graphiques", lambda n: _plusieurs(n, ("A", "visible", True), genre="chartsheet"), REFUS
    )
    yield entree(
        "dialogues", lambda n: _plusieurs(n, ("A", "visible", True), genre="dialogsheet"), REFUS
    )
    yield entree(
        "deux_cents_feuilles",
        lambda n: _plusieurs(n, *((f"F{i}", "visible", i == 199) for i in range(200))),
        OUI,
    )
    yield entree(
        "noms_bizarres",
        lambda n: _plusieurs(
            n,
            ("", "visible", False),
            ("a/b\\c?*[x]:'é\"", "visible", False),
            ("<&>", "visible", False),
            ("🙂" * 300, "visible", False),
            ("\u202efeuille\n\t", "visible", True),
        ),
        OUI,
    )
    yield entree(
        "noms_en_double",
        lambda n: _plusieurs(n, ("A", "visible", False), ("A", "visible", True)),
        TOUT,
    )
    yield entree("cible_absolue", _cible("/xl/worksheets/sheet1.xml"), OUI)
    yield entree("cible_avec_xl", _cible("xl/worksheets/sheet1.xml"), TOUT)
    yield entree("cible_remontante", _cible("../xl/worksheets/sheet1.xml"), TOUT)
    yield entree("cible_point", _cible("./worksheets/sheet1.xml"), TOUT)
    yield entree("cible_barre_inverse", _cible("worksheets\\sheet1.xml"), TOUT)
    yield entree("cible_casse", _cible("Worksheets/Sheet1.XML"), TOUT)
    yield entree("cible_ailleurs", _cible("/autre/f.xml", "autre/f.xml"), TOUT)
    yield entree("cible_systeme", _cible("file:///etc/passwd"), REFUS)
    yield entree("cible_web", _cible("http://127.0.0.1:1/x.xml"), REFUS)
    yield entree("cible_vide", _cible(""), REFUS)
    yield entree("cible_dossier", _cible("worksheets/"), REFUS)
    yield entree("cible_textes", _cible("sharedStrings.xml"), REFUS)
    yield entree("cible_classeur", _cible("workbook.xml"), REFUS)
    yield entree("lien_absent", _avec(liens=e.liens_xml([])), REFUS)
    yield entree(
        "partie_en_double",
        lambda n: _plat(n, ("xl/worksheets/sheet1.xml", e.feuille_xml(""))),
        REFUS,
    )
    yield entree(
        "partie_en_double_casse",
        lambda n: _plat(n, ("XL/Worksheets/SHEET1.xml", e.feuille_xml(""))),
        TOUT,
    )
    yield entree("chemin_remontant", lambda n: _plat(n, ("../../../tmp/x.xml", b"<x/>")), OUI)
    yield entree(
        "dix_mille_parties",
        lambda n: e.zipper(
            [
                *e.parties(e.feuille_xml(e.rangees_xml(e.lignes(n)))).items(),
                *((f"p/{i}.xml", b"") for i in range(10_000)),
            ]
        ),
        OUI,
    )
    yield entree(
        "macros",
        lambda n: e.zipper(
            e.parties(e.feuille_xml(e.rangees_xml(e.lignes(n))), type_classeur=e.TYPE_MACROS)
            | {"xl/vbaProject.bin": _OLE + b"\0" * 2000}
        ),
        OUI,
    )
    yield entree(
        "protege", lambda n: _classeur(n, '<sheetProtection password="CC1A" sheet="1"/>'), OUI
    )
    yield entree(
        "fusion",
        lambda n: _classeur(n, '<mergeCells count="1"><mergeCell ref="A2:C3"/></mergeCells>'),
        OUI,
    )
    yield entree(
        "fusion_immense",
        lambda n: _classeur(n, '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        OUI,
    )
    yield entree(
        "fusion_fausse",
        lambda n: _classeur(n, '<mergeCells><mergeCell ref="?"/></mergeCells>'),
        TOUT,
    )
    yield entree("systeme_1904", lambda n: _date_1904(n, "42370"), OUI)
    yield entree("systeme_1904_negatif", lambda n: _date_1904(n, "-1"), REJETS)
    yield entree("sans_reference_de_cellule", _sans_reference, TOUT)
    yield entree("sans_aucune_reference", lambda n: _sans_reference(n, True), TOUT)
    yield entree("partages", _partages, OUI)
    yield entree("partages_manquants", lambda n: _partages(n, []), REFUS)
    yield entree("partages_decales", lambda n: _partages(n, decalage=1), REFUS)
    yield entree("entites_bombe", lambda n: _entites(n, _BOMBE, "&a11;"), TOUT)
    yield entree("entites_externes", lambda n: _entites(n, _EXTERNE, "&a0;"), TOUT)
    # Far cells, written in all the ways that a reader may understand.
    for nom, cellule, codes in (
        ("normale", '<c r="XFD1048576"><v>1</v></c>', LU),
        ("apostrophes", "<c r='XFD1048576'><v>1</v></c>", LU),
        ("espaces", '<c r = "XFD1048576" ><v>1</v></c>', LU),
        ("minuscules", '<c r="xfd1048576"><v>1</v></c>', LU),
        ("attribut_devant", '<c s="0" r="XFD1048576"><v>1</v></c>', LU),
        ("attribut_long", f'<c x="{"a" * 5000}" r="XFD1048576"><v>1</v></c>', REFUS),
        ("barre_dans_attribut", '<c r="XFD1048576" x="/"><v>1</v></c>', LU),
        ("prefixe", '<x:c r="XFD1048576"><x:v>1</x:v></x:c>', LU),
        ("ligne_suivante", '<c\nr="XFD1048576"\n><v>1</v></c>', LU),
        ("sans_reference", "<c><v>1</v></c>" * 16384, REFUS),
        ("colonne_seule", '<c r="XFD2"><v>1</v></c><c r="A1048576"><v>1</v></c>', LU),
        ("suivie_d_une_proche", '<c r="XFD1048576"><v>1</v></c><c r="A9"><v>1</v></c>', LU),
        ("vide", '<c r="XFD1048576"/>', TOUT),
        ("stylee", '<c r="XFD1048576" s="1"/>', TOUT),
        ("stylee_ouverte", '<c r="XFD1048576" s="1"></c>', TOUT),
        ("apres_un_mo", " " * ((1 << 20) - 700) + '<c r="XFD1048576"><v>1</v></c>' * 40, LU),
    ):
        yield entree(f"loin_{nom}", _de(_loin, cellule), codes)
    yield entree("loin_en_bas", lambda n: _loin(n, '<c r="A1048576"><v>1</v></c>'), OUI)
    yield entree(
        "loin_a_droite",
        lambda n: _classeur(n, plus='<row r="9"><c r="XFD9"><v>1</v></c></row>'),
        OUI,
    )
    yield entree(
        "vides_styles_partout",
        lambda n: _classeur(
            n,
            plus="".join(
                f'<row r="{r}">'
                + "".join(f'<c r="{e.lettres(c)}{r}" s="1"/>' for c in range(40))
                + "</row>"
                for r in range(6, 4000)
            ),
        ),
        OUI,
    )
    yield entree(
        "seize_mille_colonnes",
        lambda n: e.xlsx([[*e.COLONNES, *(f"c{i}" for i in range(16_375))], *e.lignes(n)[1:]]),
        OUI,
    )
    yield entree(
        "seize_mille_colonnes_pleines",
        lambda n: e.xlsx([[*r, *["v"] * 16_375] for r in e.lignes(n)]),
        OUI,
    )
    yield entree(
        "erreurs_ouvertes",
        lambda n: _classeur(n, plus='<row r="9">' + '<c t="e" r="A9">' * 60_000),
        REFUS,
    )
    yield entree(
        "cellules_ouvertes", lambda n: _classeur(n, plus='<row r="9">' + "<c " * 300_000), REFUS
    )
    yield entree(
        "attributs_sans_fin",
        lambda n: _classeur(n, plus='<row r="9"><c ' + 'r="A1" ' * 150_000),
        REFUS,
    )
    yield entree(
        "prefixe_sans_fin", lambda n: _classeur(n, plus=f'<row r="9"><{"c" * 3_000_000}'), REFUS
    )
    yield entree("imbrique", lambda n: _classeur(n, plus="<row>" * 200_000), TOUT)
    yield entree("imbrique_workbook", _avec(workbook=b"<a>" * 200_000), REFUS)
    for nom, (colonne, cellule, codes) in CELLULES.items():
        yield entree(
            f"cellule_{nom}",
            _de(_quatrieme, colonne, cellule),
            codes,
        )


def _date_1904(nom: str, serie: str) -> bytes:
    rangees = e.rangees_xml(e.lignes(nom)).replace(
        '<c r="G2"', f'<c r="F2" s="1"><v>{serie}</v></c><c r="G2"'
    )
    rangees = rangees.replace('<c r="H2"', f'<c r="F2" s="1"><v>{serie}</v></c><c r="H2"', 1)
    return e.zipper(e.parties(e.feuille_xml(rangees), avant='<workbookPr date1904="1"/>'))


def _taille(nom: str, taille: int) -> bytes:
    """The central directory lies about the size of the sheet, its last part."""
    octets = bytearray(e.xlsx(e.lignes(nom)))
    place = octets.rfind(b"PK\x01\x02")
    octets[place + 24 : place + 28] = struct.pack("<I", taille)
    return bytes(octets)


# --- The other formats of workbooks --------------------------------------------------------------


def _autre(nom: str, forme: str, perdue: tuple[int, int] | None = None) -> bytes:
    """An accepted table as an ODS, XLS or XLSB workbook, maybe with one cell lost far away."""
    rangees: list[list[Cellule]] = [list(rangee) for rangee in e.lignes(nom, 40)]
    cellules = {**tableau(*rangees), **({perdue: "x"} if perdue else {})}
    return FORMATS[forme](Feuille("F", {place: c for place, c in cellules.items() if c}))


def _abime(nom: str, forme: str, pas: int) -> bytes:
    """The same, one byte of it changed every so often."""
    octets = bytearray(_autre(nom, forme))
    for place in range(pas, len(octets), pas):
        octets[place] ^= 0x5A
    return bytes(octets)


def _tronque(nom: str, forme: str, quarts: int) -> bytes:
    octets = _autre(nom, forme)
    return octets[: len(octets) * quarts // 4]


def _ods(nom: str, plus: str) -> bytes:
    """An accepted table as ODS, and more XML after its rows."""
    rangees = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{c}</text:p></table:table-cell>'
            for c in rangee
        )
        + "</table:table-row>"
        for rangee in e.lignes(nom)
    )
    return ods_xml(("F", True, rangees + plus))


def _autres_classeurs() -> Iterator[Entree]:
    for forme, bout in (("ods", (1_048_575, 16_383)), ("xls", (65_535, 255)),
                        ("xlsb", (1_048_575, 16_383))):  # fmt: skip
        suffixe = f".{forme}"
        yield Entree(f"{forme}_bon", _de(_autre, forme), OUI, suffixe)
        yield Entree(f"{forme}_cellule_perdue", _de(_autre, forme, bout), LU, suffixe)
        for quarts in (1, 2, 3):
            coupe = _de(_tronque, forme, quarts)
            yield Entree(f"{forme}_coupe_{quarts}", coupe, TOUT, suffixe)
        for pas in (37, 411, 1501):
            yield Entree(f"{forme}_abime_{pas}", _de(_abime, forme, pas), TOUT, suffixe)
    cellule = '<table:table-cell office:value-type="float" office:value="7"/>'
    for nom, plus, codes in (
        ("rangees_repetees", f'<table:table-row table:number-rows-repeated="900000">{cellule * 20}'
                             "</table:table-row>", REFUS),
        ("rangees_demesurees", f'<table:table-row table:number-rows-repeated="999999999">{cellule}'
                               "</table:table-row>", REFUS),
        ("colonnes_demesurees", '<table:table-row><table:table-cell office:value-type="float" '
                                'office:value="7" table:number-columns-repeated="99999999"/>'
                                "</table:table-row>", REFUS),
        ("espaces_sans_fin", '<table:table-row><table:table-cell office:value-type="string">'
                             '<text:p><text:s text:c="99999999999"/></text:p></table:table-cell>'
                             "</table:table-row>", REFUS),
        ("rangee_ouverte", f"<table:table-row>{cellule * 3}", REFUS),
        ("rangee_vide", "<table:table-row/>", REFUS),
        ("commentaire", f"<!-- <table:table> --><table:table-row>{cellule}</table:table-row>",
         REFUS),
        ("balises_sans_fin", "<table:table-row " * 200_000, REFUS),
        ("imbrique", "<table:table-row-group>" * 200_000, TOUT),
        ("guillemets_ouverts", "<table:table-row a=\"" * 50_000, REFUS),
        ("formats_jusqu_en_bas", '<table:table-row table:number-rows-repeated="1048571">'
         '<table:table-cell table:style-name="x" table:number-columns-repeated="16384"/>'
         "</table:table-row>", OUI),
    ):  # fmt: skip
        yield Entree(f"ods_{nom}", _de(_ods, plus), codes, ".ods")
    yield Entree("xls_textes_repetes", _xls_repete, REFUS, ".xls")


def _xls_repete(nom: str) -> bytes:
    """One long shared text, shown by many cells: small on disk, immense once read."""
    cellules = {(i, j): "x" * 30_000 for i in range(1, 2000) for j in range(10)}
    return xls(Feuille("F", cellules))


# --- Bombs and big files -------------------------------------------------------------------------


def _zeros(octets: int) -> Iterator[bytes]:
    morceau = b"0" * (1 << 20)
    for _ in range(octets >> 20):
        yield morceau


def _bombe(nom: str, piece: str, octets: int, debut: bytes, fin: bytes, mentir: bool) -> bytes:
    contenu = e.parties(e.feuille_xml(e.rangees_xml(e.lignes(nom))))
    contenu.pop(piece, None)

    def morceaux() -> Iterator[bytes]:
        yield debut
        yield from _zeros(octets)
        yield fin

    archive = bytearray(e.zipper_flux(contenu, piece, morceaux(), niveau=1))
    if mentir:
        place = archive.rfind(b"PK\x01\x02")
        archive[place + 24 : place + 28] = struct.pack("<I", len(debut))
        archive[place + 16 : place + 20] = struct.pack("<I", zlib.crc32(debut))
    return bytes(archive)


_SI = b'<?xml version="1.0"?><sst><si><t>'
_V = b'<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>'


def _textes_repetes(nom: str, longueur: int, fois: int) -> bytes:
    """One long shared text, shown by many cells: small on disk, immense once read."""
    rangee = "".join(f'<c r="{e.lettres(i)}{{n}}" t="s"><v>0</v></c>' for i in range(20))
    plus = "".join(f'<row r="{n}">{rangee.format(n=n)}</row>' for n in range(6, 6 + fois // 20))
    feuille = e.feuille_xml(e.rangees_xml(e.lignes(nom)) + plus)
    return e.zipper(e.parties(feuille, textes=e.textes_xml([f"<si><t>{'x' * longueur}</t></si>"])))


def _lourdes() -> Iterator[Entree]:
    feuille, textes = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
    milliard = 953 << 20  # just under the billion of bytes, and under 1 << 30
    for nom, contenu, codes, suffixe in (
        (
            "bombe_feuille",
            lambda n: _bombe(
                n, feuille, milliard, _V, b"</v></c></row></sheetData></worksheet>", False
            ),
            REFUS,
            ".xlsx",
        ),
        (
            "bombe_textes_permise",
            lambda n: _bombe(n, textes, 250 << 20, _SI, b"</t></si></sst>", False),
            TOUT,
            ".xlsx",
        ),
        (
            "bombe_textes_menteuse",
            lambda n: _bombe(n, textes, 1 << 30, _SI, b"</t></si></sst>", True),
            REFUS,
            ".xlsx",
        ),
        ("textes_repetes", lambda n: _textes_repetes(n, 30_000, 400_000), TOUT, ".xlsx"),
        (
            "ligne_de_60_mo_de_separateurs",
            lambda n: e.bon(n).encode() + b";" * (60 << 20),
            TOUT,
            ".csv",
        ),
        (
            "guillemet_ouvert_sur_60_mo",
            lambda n: e.bon(n).encode() + b'"' + b"x;y\n" * (15 << 20),
            REJETS,
            ".csv",
        ),
        (
            "cellule_de_40_mo_d_emoji",
            lambda n: e.bon(n).encode() + f'"{n}";'.encode() + "🙂".encode() * (9 << 20),
            TOUT,
            ".csv",
        ),
    ):
        yield Entree(nom, contenu, codes, suffixe, lourde=True)


ENTREES: list[Entree] = [
    *_encodages(),
    *_formes(),
    *_valeurs(),
    *_formats(),
    *_classeurs(),
    *_autres_classeurs(),
    *_lourdes(),
]


# --- Names and places ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Lieu:
    """Something put under raw/ by `poser`; `liste` says under which path a refresh lists it."""

    chemin: str | bytes
    poser: Callable[[Path], None]
    listes: tuple[str, ...]
    codes: frozenset[int] = REFUS


def _fichier(chemin: str, codes: frozenset[int] = REFUS) -> Lieu:
    def poser(ou: Path) -> None:
        ou.write_text(e.bon(f"lieu-{zlib.crc32(chemin.encode())}"), encoding="utf-8")

    return Lieu(chemin, poser, (chemin,), codes)


def _noeud(genre: int) -> Callable[[Path], None]:
    return lambda ou: os.mknod(ou, 0o600 | genre)


def _lien(cible: str) -> Callable[[Path], None]:
    return lambda ou: ou.symlink_to(cible)


def _lieux() -> Iterator[Lieu]:
    o = "ddcs/outils"
    for nom in (
        "2020-03_été",
        "2020-03_" + "a" * 243,
        "2020-03_-",
        "2020-03_日本語",
        "2020-03_y.v9",
    ):
        yield _fichier(f"{o}/{nom}.csv", OUI)
    yield _fichier(f"{o}/2020-03_e\u0301te\u0301-nfd.csv", OUI)
    yield _fichier(f"{o}/2020-03_x.CSV", OUI)
    for nom in (
        "2020-03_deux mots.csv",
        "2020-03_l'apostrophe.csv",
        '2020-03_"guillemets".csv',
        "2020-03_deux\nlignes.csv",
        "2020-03_ESC\x1b[31m.csv",
        "2020-03_\u202etxt.csv",
        "2020-03_🙂.csv",
        "2020-03_$HOME;rm -rf.csv",
        "2020-03_%s{0}.csv",
        "2020-03_';drop table x;--.csv",
        "2020-03_v2.csv",
        "2020-03_59-v2.csv",
        "2020-03_59 (1).csv",
        "2020-03_59 - Copie.csv",
        "2020-03_59.V2.csv",
        "2020-03.txt",
        "2020-03_.csv",
        "2020-3_x.csv",
        "2020-13_x.csv",
        "1999-12_x.csv",
        "2101-01_x.csv",
        "2020-03-x.csv",
        "2020-03_x.xls",
        "2020-03_x.csv.gz",
        "2020-03_x",
        "2020-03_x.v0.csv",
        "2020-03_x.v01.csv",
        "2020-03_x.v9999999.csv",
        "2020-03_x.v2.v3.csv",
        "2020-03_x. csv",
        " 2020-03_x.csv",
        "2020-03_x.csv ",
        "2020-03_x.csv\n",
        "２０２０-03_x.csv",
        "livraison.csv",
        "Copie de 2020-03.csv",
        "-",
        "\\",
        "nul\x01.csv",
        "b" * 251 + ".csv",
    ):
        yield _fichier(f"{o}/{nom}")
    for chemin in (
        "2020-03.csv",
        "ddcs/2020-03.csv",
        "ddcs/outil/2020-03.csv",
        "DDCS/outils/2020-03.csv",
        "ddcs/outils/2020/2020-03.csv",
        "inconnu/outils/2020-03.csv",
        "ddcs/outils/" + "p/" * 200 + "2020-03.csv",
        "ddcs/outils/2020-03_dossier.csv/2020-03.csv",
        'l\'autre/dossier "bis"/2020-03.csv',
    ):
        yield _fichier(chemin)
    yield Lieu(f"{o}/2020-03_dossier_vide.csv", Path.mkdir, (f"{o}/2020-03_dossier_vide.csv",))
    yield Lieu(f"{o}/2020-03_dossier_vide.xlsx", Path.mkdir, (f"{o}/2020-03_dossier_vide.xlsx",))
    for nom, poser in (
        ("lien_casse", _lien("/nulle/part")),
        ("lien_boucle", _lien("2020-03_lien_boucle.csv")),
        ("lien_zero", _lien("/dev/zero")),
        ("lien_terminal", _lien("/dev/tty")),
        ("lien_dossier", _lien(".")),
        ("lien_dossier_parent", _lien("../..")),
        ("lien_proc", _lien("/proc/self/fd")),
        ("tube", _noeud(stat.S_IFIFO)),
        ("prise", _noeud(stat.S_IFSOCK)),
    ):
        yield Lieu(f"{o}/2020-03_{nom}.csv", poser, (f"{o}/2020-03_{nom}.csv",))
    yield Lieu("ddcs/lien_vers_outils", _lien("outils"), ("ddcs/lien_vers_outils",))
    yield Lieu("boucle", _lien("."), ("boucle",))
    octets = b"ddcs/outils/2020-03_latin\xe9\xff.csv"
    lu = os.fsdecode(octets)
    yield Lieu(octets, _fichier("latin").poser, (lu,), TOUT)


LIEUX: list[Lieu] = list(_lieux())
