"""A partner that keeps its own layout: attributions of dwellings from April 2021.

An ODS workbook with a sheet per department, its own headers and words, a total and a note; the
month is said by the file's name alone. The lines of assets/roadmap/correspondances.csv have it
read. What the rows say is in `logement`.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from pipelines.simulation.ecriture import PARUTION, Fichier, Forme, Valeur

DEPUIS = "2021-04"
ODS = Forme("ods")
FEUILLES = {"02": "Aisne", "59": "Nord", "60": "Oise", "62": "Pas-de-Calais", "80": "Somme"}
ORIGINES = {
    "HEBERGEMENT_GENERALISTE": "Hébergement (115, CHRS)",
    "CADA": "CADA",
    "CPH": "CPH",
    "AUTRE": "Autres",
}
ENTETES = ("Situation antérieure du ménage", "Attributions prononcées", "Observations")
_ESPACES = "".join(
    f' xmlns:{nom}="urn:oasis:names:tc:opendocument:xmlns:{espace}:1.0"'
    for nom, espace in (("office", "office"), ("table", "table"), ("text", "text"))
)


@dataclass(frozen=True)
class ParDepartement(Fichier):
    """The attributions of a month, in a sheet per department."""

    def contenu(self) -> bytes:
        """The bytes of the workbook."""
        feuilles = "".join(
            f"<table:table table:name={quoteattr(nom)}>{''.join(self._rangees(code, nom))}"
            "</table:table>"
            for code, nom in FEUILLES.items()
        )
        return _archive(
            f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{_ESPACES} '
            f'office:version="1.3"><office:body><office:spreadsheet>{feuilles}'
            "</office:spreadsheet></office:body></office:document-content>"
        )

    def _rangees(self, code: str, nom: str) -> Iterator[str]:
        siennes = [ligne for ligne in self.lignes if ligne["departement"] == code]
        yield _rangee([f"Attributions de logements sociaux, {nom}, {self.nom}"])
        yield _rangee([])
        yield _rangee(ENTETES)
        for ligne in siennes:
            vu = "aucune ce mois-ci" if not ligne["attributions"] else "définitif"
            yield _rangee([ORIGINES[str(ligne["origine"])], ligne["attributions"], vu])
        total = sum(int(str(ligne["attributions"])) for ligne in siennes)
        yield _rangee(["Total", total])
        yield _rangee(["Source : service du logement (données fictives)."])


def _rangee(cellules: Sequence[Valeur]) -> str:
    return f"<table:table-row>{''.join(map(_cellule, cellules))}</table:table-row>"


def _cellule(valeur: Valeur) -> str:
    genre = 'office:value-type="string"'
    if isinstance(valeur, int):
        genre = f'office:value-type="float" office:value="{valeur}"'
    return f"<table:table-cell {genre}><text:p>{escape(str(valeur))}</text:p></table:table-cell>"


def _archive(contenu: str) -> bytes:
    genre = "application/vnd.oasis.opendocument.spreadsheet"
    manifeste = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
        f'manifest:version="1.3"><manifest:file-entry manifest:full-path="/" '
        f'manifest:media-type="{genre}"/><manifest:file-entry manifest:full-path="content.xml" '
        'manifest:media-type="text/xml"/></manifest:manifest>'
    )
    octets = io.BytesIO()
    with zipfile.ZipFile(octets, "w") as archive:
        for nom, texte, force in (
            ("mimetype", genre, zipfile.ZIP_STORED),
            ("content.xml", contenu, zipfile.ZIP_DEFLATED),
            ("META-INF/manifest.xml", manifeste, zipfile.ZIP_DEFLATED),
        ):
            membre = zipfile.ZipInfo(nom, PARUTION.timetuple()[:6])
            archive.writestr(membre, texte, force)
    return octets.getvalue()
