"""LibreOffice, for tests that need a document or a workbook laid out as pages."""

import shutil
import subprocess
from pathlib import Path

import pytest

_MODULES = {".docx": ("libswlo.so", "writer"), ".xlsx": ("libsclo.so", "calc")}


def convertir(fichier: Path, format_: str, dossier: Path) -> Path:
    """A file as LibreOffice converts it (`pdf`, `docx`), in a folder; the test skips without it."""
    soffice = shutil.which("soffice")
    bibliotheque, module = _MODULES[fichier.suffix]
    if not soffice or not (Path(soffice).resolve().parent / bibliotheque).exists():
        pytest.skip(f"LibreOffice absent : apt-get install libreoffice-{module}-nogui")
    profil = (dossier / "profil").absolute().as_uri()
    subprocess.run(  # noqa: S603
        [soffice, "--headless", "--norestore", f"-env:UserInstallation={profil}", "--convert-to",
         format_, "--outdir", dossier, fichier],
        check=True, timeout=240, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    return dossier / f"{fichier.stem}.{format_}"


def pages(pdf: Path) -> list[str]:
    """The text of each page of a PDF; the test skips where nothing can read it."""
    lecteur = shutil.which("pdftotext")
    if not lecteur:
        pytest.skip("pdftotext absent : apt-get install poppler-utils")
    lu = subprocess.run(  # noqa: S603
        [lecteur, "-layout", pdf, "-"], check=True, stdout=subprocess.PIPE, encoding="utf-8"
    )
    return lu.stdout.split("\f")[:-1]
