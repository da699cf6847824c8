"""The command `bilan refresh`, run in this process: of the invented region, by default."""

from pathlib import Path

from pipelines.cli import executer

INVENTEE = Path(__file__).parent / "region"


def rafraichir(
    warehouse: Path,
    *options: str,
    raw: Path = INVENTEE / "raw",
    feuille: Path = INVENTEE / "feuille",
) -> int:
    """Publish into a folder, which is not that of the project; gives the exit code."""
    return executer(
        ["refresh", "--raw", str(raw), "--roadmap", str(feuille), "--warehouse", str(warehouse),
         *options]
    )  # fmt: skip
