"""The numbers read back from what was written, and compared with the warehouse.

A page, a workbook and a document are read as people have them; what they should say is asked of the
warehouse anew. How they are written does not belong here, and none of it is asked: a thing would be
compared with itself.
"""

import io
import math
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # comes with python-docx

from pipelines.edition.contenu import MASQUE, PROVISOIRE, RECENTE
from pipelines.edition.source import Source

CLE = ("indicateur", "territoire", "periode", "ventilation", "modalite")
CHIFFRES = "Les chiffres"
VALEURS = "Valeurs"
MESURES = {
    "Valeur": "valeur",
    "Part (%)": "part",
    "Un an plus tôt": "precedente",
    "Évolution (%)": "evolution_en_taux",
    "Écart": "ecart",
    "Cible": "valeur_cible",
    "% de la cible": "taux_cible",
    "Numérateur": "numerateur",
    "Dénominateur": "denominateur",
    "Un an plus tôt, à date": "precedente_a_date",
    "Évolution à date (%)": "evolution_a_date_en_taux",
    "Écart à date": "ecart_a_date",
    "Rang": "rang",
}
"""What the columns of all the values measure."""
_DES_CHIFFRES = {
    "Valeur": "valeur",
    "Un an plus tôt": "precedente",
    "Évolution": "evolution",
    "Cible": "valeur_cible",
    "% de la cible": "taux_cible",
    "Rang": "rang",
}
"""The same for a table of figures; compared to date where its row says so."""
_PRECISION = 1e-15  # a workbook has sixteen digits
_TYPES = ("annee", "annee_scolaire", "cumul")
_MAILLES = ("region", "departement", "academie")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass(frozen=True)
class Relu:
    """A number as it was read: its value, its text, or both; neither where nothing is written.

    `cle` is that of `contenu.Nombre`. Where a table says them in words or not at all, the indicator
    is its title, and the territory is empty.
    """

    ou: str
    cle: tuple[str, ...]
    valeur: float | None = None
    texte: str | None = None


def de_la_page(html: str | bytes) -> Iterator[Relu]:
    """The numbers of a page that have a key, and the cells left empty of its tables of figures."""
    analyseur = etree.HTMLParser(encoding="utf-8", huge_tree=True)
    octets = html.encode() if isinstance(html, str) else html
    racine = etree.parse(io.BytesIO(octets), analyseur).getroot()
    if racine is None:
        return
    for donnee in racine.iter("data"):
        if "data-cle" in donnee.attrib:
            tableau = next((t.get("id", "") for t in donnee.iterancestors("table")), "")
            yield Relu(
                f"tableau «{tableau}»",
                _cle(donnee.get("data-cle")),
                _nombre(donnee.get("value")),
                _simple("".join(donnee.itertext())),
            )
    for tableau in racine.iter("table"):
        legende = tableau.find("caption")
        if legende is not None and _simple("".join(legende.itertext())) == CHIFFRES:
            yield from _vides(tableau)


def _vides(tableau: Any) -> Iterator[Relu]:
    """What a table of figures leaves empty: the rest of its row says of what, or its words do."""
    rangs = [[*rang.iter("th", "td")] for rang in tableau.iter("tr")]
    titres = [_simple(case.text or "") for case in rangs[0]] if rangs else []
    for cases in rangs[1:]:
        donnees = (donnee for case in cases for donnee in case.iter("data"))
        cles = [_cle(d.get("data-cle")) for d in donnees if "data-cle" in d.attrib]
        textes = [_simple("".join(case.itertext())) for case in cases]
        # A key may be that of the region beside; a row without any number has none.
        indicateur, _, *reste, _ = [*cles, (textes[0], "", textes[1], "total", "total", "")][0]
        for rang, mesure in _mesures(titres, textes).items():
            if next(cases[rang].iter("data"), None) is None:
                yield Relu(f"tableau «{tableau.get('id', '')}»", (indicateur, "", *reste, mesure))


def du_classeur(octets: bytes) -> Iterator[Relu]:
    """The numbers of a workbook: all its values, and its tables of figures.

    Raises:
        ValueError: it cannot be read.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        classeur = CalamineWorkbook.from_filelike(io.BytesIO(octets))
        for nom in classeur.sheet_names:
            rangees = classeur.get_sheet_by_name(nom).to_python(skip_empty_area=False)
            lire = _des_valeurs if nom == VALEURS else _des_chiffres
            yield from lire(nom, rangees)
    except CalamineError as erreur:
        raise ValueError(str(erreur)) from None


def _des_valeurs(nom: str, rangees: Sequence[Sequence[Any]]) -> Iterator[Relu]:
    """A row a value, under the header that has the words of the key."""
    debut = next((r for r, rangee in enumerate(rangees) if set(CLE) <= set(rangee)), None)
    if debut is None:
        return
    places = {str(titre): rang for rang, titre in enumerate(rangees[debut]) if titre}
    cles = [places[colonne] for colonne in CLE]
    # A column that is not there is a column of nothing.
    mesures = [(mesure, places.get(titre)) for titre, mesure in MESURES.items()]
    masque = places.get("Masqué")
    for rang, rangee in enumerate(rangees[debut + 1 :], start=debut + 2):
        if rangee[cles[0]] == "":
            continue
        cle = tuple(str(rangee[c]) for c in cles)
        ou = f"feuille «{nom}», ligne {rang}"
        for mesure, place in mesures:
            valeur, texte = (None, None) if place is None else _de_cellule(rangee[place])
            if mesure == "valeur" and valeur is None and masque is not None:
                texte = str(rangee[masque]) or None
            yield Relu(ou, (*cle, mesure), valeur, texte)


def _des_chiffres(nom: str, rangees: Sequence[Sequence[Any]]) -> Iterator[Relu]:
    """Tables of figures: their title, their header, their rows up to one that is empty."""
    rang = 0
    while rang < len(rangees):
        if _simple(str(rangees[rang][0])) != CHIFFRES:
            rang += 1
            continue
        rang += 1
        titres = [_simple(str(t)) for t in rangees[rang]] if rang < len(rangees) else []
        rang += 1
        while rang < len(rangees) and rangees[rang][0] != "" and rangees[rang][1] != "":
            cases = rangees[rang]
            textes = [_simple(str(case)) for case in cases]
            for place, mesure in _mesures(titres, textes).items():
                valeur, texte = _de_cellule(cases[place])
                cle = (textes[0], "", textes[1], "total", "total", mesure)
                yield Relu(f"feuille «{nom}», ligne {rang + 1}", cle, valeur, texte)
            rang += 1


def du_document(octets: bytes) -> Iterator[Relu]:
    """The numbers of the tables of figures of a document, as texts.

    Raises:
        ValueError: it cannot be read.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            analyseur = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
            racine = etree.fromstring(archive.read("word/document.xml"), analyseur)
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError) as erreur:
        raise ValueError(str(erreur)) from None
    numero = 0
    for tableau in racine.iter(f"{_W}tbl"):
        numero += 1
        if _legende(tableau) != CHIFFRES:
            continue
        rangs = [
            [_de_word(case) for case in rang.iter(f"{_W}tc")] for rang in tableau.iter(f"{_W}tr")
        ]
        dernier = ""
        for rang, textes in enumerate(rangs[1:], start=2):
            # A name said once for several rows is in the first of them.
            dernier = textes[0] = textes[0] or dernier
            for place, mesure in _mesures(rangs[0], textes).items():
                cle = (dernier, "", textes[1], "total", "total", mesure)
                yield Relu(f"tableau {numero}, ligne {rang}", cle, None, _dit(textes[place]))


def _legende(tableau: Any) -> str:
    """The title of a table of a document: its own property, else the end of what is above it."""
    propre = tableau.find(f"{_W}tblPr/{_W}tblCaption")
    if propre is not None:
        return _simple(propre.get(f"{_W}val", ""))
    avant = tableau.getprevious()
    return "" if avant is None else _simple(_de_word(avant)).rpartition(" : ")[2]


def _de_word(element: Any) -> str:
    """The words of a cell: those of a paragraph are cut anywhere, and joined again."""
    paragraphes = ["".join(t.text or "" for t in p.iter(f"{_W}t")) for p in element.iter(f"{_W}p")]
    return _simple(" ".join(paragraphes))


def _mesures(titres: Sequence[str], textes: Sequence[str]) -> Mapping[int, str]:
    """What the columns of a row of a table of figures measure."""
    a_date = "Comparaison" in titres and textes[titres.index("Comparaison")] == "à date"
    trouvees = {}
    for rang, titre in enumerate(titres[: len(textes)]):
        mesure = _DES_CHIFFRES.get(titre)
        if mesure:
            compare = a_date and mesure in ("precedente", "evolution")
            trouvees[rang] = f"{mesure}_a_date" if compare else mesure
    return trouvees


def _cle(attribut: str | None) -> tuple[str, ...]:
    """A key written with bars; a modality may have some."""
    *avant, reste = (attribut or "").split("|", 4)
    modalite, _, mesure = reste.rpartition("|")
    return (*avant, modalite, mesure)


def _nombre(texte: str | None) -> float | None:
    try:
        return float(texte) if texte else None
    except ValueError:
        return math.nan


def _de_cellule(case: Any) -> tuple[float | None, str | None]:
    if isinstance(case, int | float) and not isinstance(case, bool):
        return float(case), None
    dit = _dit(str(case))
    # A text where a number should be is no value, whatever it says.
    return (None if dit in (None, MASQUE) else math.nan), dit


def _dit(texte: str) -> str | None:
    """What a cell says, without its mark; nothing for one that says that it is empty."""
    dit = re.sub(rf" \(?({PROVISOIRE}|{RECENTE})\)?$", "", _simple(texte))
    return dit if dit not in ("", "—") else None


def _simple(texte: str) -> str:
    """A text without its typography: all its spaces are one plain space."""
    return re.sub(r"\s+", " ", texte).strip()


# What the warehouse says.

Attendu = tuple[float | None, str | None]
"""A value, and its text where it has one."""


def ecarts(
    lus: Iterable[Relu],
    source: Source,
    territoire: str = "",
    attendus: Mapping[tuple[str, ...], Attendu] | None = None,
) -> list[str]:
    """What was read and is not what the warehouse says, a sentence a number.

    Args:
        lus: the numbers read back; that there are none is a sentence too.
        source: the warehouse that they come from.
        territoire: that of tables that do not name theirs; the region by default.
        attendus: what it says (`ce_qui_est_attendu`), where several files are compared with it.
    """
    attendus, noms = attendus or ce_qui_est_attendu(source), _noms(source)
    ici = territoire or _region(source)
    dits = []
    rien = True
    for lu in lus:
        rien = False
        cle = (noms.get(lu.cle[0], lu.cle[0]), lu.cle[1] or ici, *lu.cle[2:])
        if cle not in attendus:
            if lu.valeur is not None or lu.texte is not None:
                dits.append(f"{_place(lu, cle)} : {_ecrit(lu)}, l'entrepôt ne l'a pas.")
        elif not _accord(lu, attendus[cle]):
            dits.append(
                f"{_place(lu, cle)} : {_ecrit(lu)}, l'entrepôt dit {_voulu(attendus[cle])}."
            )
    return ["Aucun nombre n'a pu être relu : il n'y a rien à comparer."] if rien else dits


def manquants(
    lus: Iterable[Relu], source: Source, territoire: str = "", toutes: bool = False
) -> list[str]:
    """What the warehouse has and was not read, a sentence an indicator, or a value.

    Args:
        lus: the numbers read back from a bilan.
        source: the warehouse.
        territoire: that of the bilan; the region by default.
        toutes: whether all the values should be there, as in a workbook; else, one an indicator.
    """
    noms = _noms(source)
    ici = territoire or _region(source)
    lues = {
        (noms.get(lu.cle[0], lu.cle[0]), lu.cle[1] or ici, *lu.cle[2:])
        for lu in lus
        if lu.cle[1] or not toutes
    }
    if toutes:
        voulues = source.con.execute(
            f"""
            select {", ".join(f"v.{c}" for c in CLE)} from {_table(source)} as v
            join referentiel.indicateurs as i using (indicateur)
            join referentiel.territoires as t using (territoire)
            where v.arrete = ? and list_contains(?, v.type_periode) and list_contains(?, t.maille)
            order by all
            """,
            [source.arrete, [*_TYPES], [*_MAILLES]],
        ).fetchall()
        return [
            f"{' / '.join(cle)} : l'entrepôt l'a, et ce n'est pas écrit."
            for cle in voulues
            if (*cle, "valeur") not in lues
        ]
    indicateurs = {cle[0] for cle in lues if cle[1] == ici and cle[-1] == "valeur"}
    # A bilan says the period under way and the last that is over: of older ones, nothing is due.
    voulus = source.con.execute(
        f"""
        with siennes as (
            select
                *,
                debut = max(debut) filter (where not provisoire)
                    over (partition by indicateur, type_periode) as derniere
            from {_table(source)}
            join referentiel.indicateurs using (indicateur)
            where arrete = ? and territoire = ? and ventilation = 'total'
                and list_contains(?, type_periode)
        )
        select distinct indicateur from siennes
        where (derniere or provisoire or type_periode = 'cumul')
            and (valeur is not null {"or masque" if source.publique else ""})
        order by 1
        """,
        [source.arrete, ici, [*_TYPES]],
    ).fetchall()
    return [
        f"{nom} / {ici} : l'entrepôt l'a, et rien n'en est écrit."
        for (nom,) in voulus
        if nom not in indicateurs
    ]


def _table(source: Source) -> str:
    return "diffusion.valeurs" if source.publique else "indicateurs.valeurs"


def _region(source: Source) -> str:
    [code] = source.con.execute(
        "select territoire from referentiel.territoires where maille = 'region'"
    ).fetchone() or [""]
    return str(code)


def _noms(source: Source) -> dict[str, str]:
    """The indicators, by their titles."""
    rangees = source.lignes("select titre, indicateur from referentiel.indicateurs")
    return {_simple(r["titre"]): r["indicateur"] for r in rangees}


def ce_qui_est_attendu(source: Source) -> dict[tuple[str, ...], Attendu]:
    """All that the warehouse says, by key.

    A change of a rate is in points, and its texts are those of the warehouse's macros.
    """
    rangees = source.lignes(
        f"""
        select
            {", ".join(f"v.{c}" for c in CLE)},
            {"v.masque" if source.publique else "false"} as masque,
            v.valeur, v.part, v.valeur - v.ecart as precedente, v.ecart, v.numerateur,
            v.denominateur, v.precedente_a_date, v.ecart_a_date, v.rang, v.valeur_cible,
            v.taux_cible,
            case when i.unite = '%' then v.ecart else v.evolution end as evolution,
            case when i.unite = '%' then v.ecart_a_date else v.evolution_a_date end
                as evolution_a_date,
            case when i.unite <> '%' then v.evolution end as evolution_en_taux,
            case when i.unite <> '%' then v.evolution_a_date end as evolution_a_date_en_taux,
            affiche(v.valeur, i.unite) as t_valeur,
            affiche(v.part, '%') as t_part,
            affiche(v.valeur - v.ecart, i.unite) as t_precedente,
            affiche(v.precedente_a_date, i.unite) as t_precedente_a_date,
            affiche_changement(v.evolution, v.ecart, i.unite) as t_evolution,
            affiche_changement(v.evolution_a_date, v.ecart_a_date, i.unite) as t_evolution_a_date,
            affiche(v.valeur_cible, i.unite) as t_valeur_cible,
            affiche(v.taux_cible, '%') as t_taux_cible,
            cast(v.rang as varchar) as t_rang
        from {_table(source)} as v
        join referentiel.indicateurs as i using (indicateur)
        where v.arrete = ?
        """,
        [source.arrete],
    )
    mesures = {*MESURES.values(), "evolution", "evolution_a_date"}
    attendus: dict[tuple[str, ...], Attendu] = {}
    for rangee in rangees:
        cle = tuple(rangee[c] for c in CLE)
        for mesure in mesures:
            valeur, texte = rangee[mesure], rangee.get(f"t_{mesure}")
            if rangee["masque"] and mesure == "valeur":
                valeur, texte = None, MASQUE
            attendus[*cle, mesure] = valeur, None if texte is None else _simple(texte)
    return attendus


def _accord(lu: Relu, attendu: Attendu) -> bool:
    valeur, texte = attendu
    if lu.valeur is None and lu.texte is None:
        return valeur is None and texte is None
    if lu.valeur is not None and (
        valeur is None or not math.isclose(lu.valeur, valeur, rel_tol=_PRECISION)
    ):
        return False
    return lu.texte is None or lu.texte == texte


def _place(lu: Relu, cle: Sequence[str]) -> str:
    return f"{lu.ou[:1].upper()}{lu.ou[1:]}, {' / '.join(cle)}"


def _ecrit(lu: Relu) -> str:
    if lu.valeur is None and not lu.texte:
        return "rien n'est écrit"
    valeur = "" if lu.valeur is None else "un texte" if math.isnan(lu.valeur) else repr(lu.valeur)
    texte = f"«{lu.texte}»" if lu.texte else ""
    return f"{valeur} {texte}".strip() + " est écrit"


def _voulu(attendu: Attendu) -> str:
    valeur, texte = attendu
    if valeur is None:
        return f"«{texte}»" if texte else "qu'il n'y a rien"
    return f"{valeur!r}" + (f" «{texte}»" if texte else "")
