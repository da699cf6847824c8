"""The command `bilan`: arguments, exit codes, what is printed. What commands do is elsewhere.

Every message is French; a fault of the data or of the arguments is a sentence on stderr, never a
traceback. Heavy modules are imported by the command that needs them.
"""

import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any, TypeVar

import click

from pipelines.erreurs import Faute, Refus
from pipelines.projet import INSTALLE
from pipelines.region import Region, region

PUBLIE, INCOMPLET, RIEN = 0, 1, 2
_MOIS = "AAAA-MM"
_OU = "du dossier courant" if INSTALLE else "du projet"


class _Aide(click.Command):
    """A command whose help and errors are in French."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write «Emploi : ...»."""
        morceaux = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, morceaux, prefix="Emploi : ")

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option --help, in French."""
        option = super().get_help_option(ctx)
        if option:
            option.help = "Affiche cette aide."
        return option


class _Commandes(_Aide, click.Group):
    """The group of commands."""

    command_class = _Aide

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        with formatter.section("Commandes"):
            formatter.write_dl(
                [
                    (nom, commande.get_short_help_str(limit=80))
                    for nom in self.list_commands(ctx)
                    if (commande := self.get_command(ctx, nom))
                ]
            )


_Commande = TypeVar("_Commande", bound=Callable[..., Any])


def _dossier(nom: str, place: str, aide: str, ou: str = _OU) -> Callable[[_Commande], _Commande]:
    return click.option(
        f"--{nom}",
        type=click.Path(path_type=Path),
        default=lambda: getattr(region(), nom),
        metavar="DOSSIER",
        help=f"{aide} (par défaut : $BILAN_{nom.upper()}, sinon {place}/ {ou}).",
    )


_raw = _dossier("raw", "raw", "Dossier des livraisons")
_warehouse = _dossier("warehouse", "warehouse", "Dossier de l'entrepôt")
_roadmap = _dossier("roadmap", "assets/roadmap", "Feuille de route de la région", "du projet")


def _region(raw: Path, warehouse: Path, roadmap: Path) -> Region:
    """The region of the environment, with the folders asked."""
    return replace(
        region(), raw=raw.absolute(), warehouse=warehouse.absolute(), roadmap=roadmap.absolute()
    )


@click.group(cls=_Commandes, context_settings={"max_content_width": 100})
def bilan() -> None:
    """Calcule le bilan de la politique d'intégration à partir des extraits livrés dans raw/."""


@bilan.command()
@click.option("--arrete", default="", metavar=_MOIS, help="Mois de l'arrêté ; le dernier livré.")
@click.option("--depuis", default="", metavar=_MOIS, help="Premier mois à calculer.")
@click.option(
    "--sans-livraisons-disparues",
    is_flag=True,
    help="Publie même si plus d'un dixième des fichiers publiés ne sont plus livrés.",
)
@click.option(
    "--nouvelle-cle",
    is_flag=True,
    help="Accepte une autre clé des pseudonymes que celle de l'entrepôt publié : tout est relu.",
)
@click.option(
    "--moteur",
    type=click.Choice(["duckdb", "spark"]),
    default="duckdb",
    metavar="[duckdb|spark]",
    help="Qui compte : DuckDB, ou un Spark existant (pip install 'bilan[spark]').",
)
@click.option("--details", is_flag=True, help="Dit tout ce qui est fait, ligne à ligne.")
@click.option(
    "--profil",
    is_flag=True,
    help="Dit à la fin le temps et la mémoire qu'a pris chaque étape, et ce qui était gardé.",
)
@_raw
@_warehouse
@_roadmap
def refresh(
    arrete: str,
    depuis: str,
    sans_livraisons_disparues: bool,
    nouvelle_cle: bool,
    moteur: str,
    details: bool,
    profil: bool,
    raw: Path,
    warehouse: Path,
    roadmap: Path,
) -> int:
    """Lit les livraisons, calcule et publie l'entrepôt.

    Tous les mois de --depuis à --arrete sont calculés ; par défaut, ceux qui suivent le dernier
    mois publié, et les douze derniers la première fois. Les mois déjà calculés restent. Ce qui n'a
    pas changé n'est pas recalculé.

    Codes de sortie : 0 publié ; 1 publié, mais une livraison a été refusée, ou les pages du bilan
    n'ont pas pu être écrites ; 2 rien n'est publié, l'ancien entrepôt reste en place.
    """
    from pipelines.atelier import Demande
    from pipelines.execution import rafraichir

    ici = _region(raw, warehouse, roadmap)
    demande = Demande(
        ici,
        arrete,
        depuis,
        sans_disparues=sans_livraisons_disparues,
        nouvelle_cle=nouvelle_cle,
        moteur=moteur,
    )
    refus = rafraichir(demande, sys.stdout, sys.stderr, details=details, profil=profil)
    return INCOMPLET if refus else PUBLIE


@bilan.command()
@click.argument("mois", metavar=_MOIS)
@_raw
@_warehouse
@_roadmap
def retirer(mois: str, raw: Path, warehouse: Path, roadmap: Path) -> int:
    """Retire un mois publié ; les autres restent.

    L'entrepôt est publié à nouveau sans lui. Un mois retiré revient s'il est demandé, ou s'il est
    dû.

    Codes de sortie : 0 publié sans ce mois ; 2 rien n'est publié, l'ancien entrepôt reste en place.
    """
    from pipelines.execution import retirer as publier_sans

    restent = publier_sans(_region(raw, warehouse, roadmap), mois)
    click.echo(f"{mois} est retiré. Mois publiés : {', '.join(restent)}.")
    return PUBLIE


@bilan.command()
@click.option("--extrait", required=True, metavar="SOURCE/EXTRAIT", help="Extrait de la personne.")
@click.option("--cle", required=True, metavar="-", help="Toujours «-» : le numéro est demandé.")
@_raw
@_warehouse
@_roadmap
def oublier(extrait: str, cle: str, raw: Path, warehouse: Path, roadmap: Path) -> int:
    """Efface une personne : dit quels fichiers la livrent encore, sinon publie à nouveau sans elle.

    Son numéro est tapé, ou lu sur l'entrée ; jamais en argument, que d'autres verraient.

    Codes de sortie : 0 elle n'est plus nulle part ; 1 des fichiers la livrent encore, rien n'est
    publié ; 2 ce n'est pas possible.
    """
    if cle != "-":
        raise Faute("Le numéro ne se donne pas en argument : écrire «--cle -», puis le taper.")
    from pipelines.oubli import oublier as effacer

    if sys.stdin.isatty():
        numero = click.prompt("Numéro (il ne s'affiche pas)", hide_input=True)
    else:
        numero = sys.stdin.readline()
    return effacer(_region(raw, warehouse, roadmap), extrait, numero, sys.stdout, sys.stderr)


@bilan.command()
@click.argument("fichier", type=click.Path(path_type=Path), metavar="FICHIER|DOSSIER")
@click.option("--extrait", default="", metavar="SOURCE/EXTRAIT", help="Extrait du fichier.")
@click.option("--mois", default="", metavar=_MOIS, help="Mois de la livraison.")
@click.option(
    "--rapport",
    type=click.Path(path_type=Path),
    metavar="RAPPORT",
    help="Écrit la liste entière des rejets : .csv, ou .xlsx avec une copie du fichier annotée.",
)
@_roadmap
def verifier(fichier: Path, extrait: str, mois: str, rapport: Path | None, roadmap: Path) -> int:
    """Vérifie un fichier avant de le livrer, sans rien enregistrer ; d'un dossier, chaque fichier.

    L'extrait et le mois se lisent dans le chemin du fichier s'ils ne sont pas donnés.

    Codes de sortie : 0 accepté en entier ; 1 des lignes sont rejetées ; 2 le fichier est refusé.
    D'un dossier, le plus grave.
    """
    return _lire("verification:verifier", fichier, extrait, mois, roadmap, rapport)


@bilan.command()
@click.argument("fichier", type=click.Path(path_type=Path), metavar="FICHIER")
@click.option("--extrait", default="", metavar="SOURCE/EXTRAIT", help="Extrait du fichier.")
@click.option("--mois", default="", metavar=_MOIS, help="Mois de la livraison.")
@click.option("--ecrire", is_flag=True, help="Ajoute les lignes à la feuille de route.")
@_roadmap
def correspondre(fichier: Path, extrait: str, mois: str, ecrire: bool, roadmap: Path) -> int:
    """Propose les lignes de correspondances.csv qui rendraient un fichier acceptable.

    D'après les noms de colonnes, les cellules, et le nom du fichier ou des feuilles ; chaque ligne
    dit pourquoi. Rien n'est écrit sans --ecrire.

    Codes de sortie : avec ces lignes, 0 le fichier serait accepté en entier ; 1 des lignes seraient
    rejetées ; 2 il resterait refusé.
    """
    return _lire("correspondre:correspondre", fichier, extrait, mois, roadmap, ecrire)


def _lire(nom: str, fichier: Path, *arguments: object) -> int:
    """Run what reads a file: here, or apart if it is large; gives the exit code."""
    from pipelines.isolement import appeler, imprimer, lourd

    if not lourd(fichier):
        return int(appeler(f"pipelines.{nom}", fichier, *arguments, sys.stdout))
    try:
        return int(imprimer(f"pipelines.{nom}", sys.stdout, fichier, *arguments))
    except Refus as refus:
        print(f"REFUSÉ, rien ne serait chargé :\n  - {refus}", file=sys.stdout)
        return RIEN


@bilan.command()
@click.argument("dossier", type=click.Path(path_type=Path), metavar="DOSSIER")
@_roadmap
def modeles(dossier: Path, roadmap: Path) -> int:
    """Écrit un classeur à remplir par extrait : listes de codes, formats, notes, mode d'emploi.

    Les codes sont ceux de la feuille de route. Un modèle déjà rempli n'est jamais écrasé.
    """
    from pipelines.modeles import ecrire

    nombre = ecrire(dossier, roadmap)
    click.echo(f"{nombre} modèles écrits dans «{dossier}».")
    return PUBLIE


@bilan.command()
@click.argument("fichier", type=click.Path(path_type=Path), metavar="FICHIER.csv")
@_warehouse
@_roadmap
def relire(fichier: Path, warehouse: Path, roadmap: Path) -> int:
    """Relit le brouillon d'un bilan : ses chiffres, contre eux-mêmes et contre l'entrepôt.

    Les colonnes sont celles de chiffres_publies.csv. Les relations essayées sont celles de la
    feuille de route dont tous les chiffres y sont, et celles d'un coherences.csv voisin.

    Codes de sortie : 0 tout tient ; 1 un chiffre ou une relation est à revoir ; 2 le brouillon ne
    se lit pas, ou il n'y a pas d'entrepôt.
    """
    from pipelines.relecture import relire as relire_un

    return relire_un(fichier, warehouse, roadmap, sys.stdout)


@bilan.command()
@click.argument("dossier", type=click.Path(path_type=Path), metavar="DOSSIER")
@click.option("--arrete", default="", metavar=_MOIS, help="Mois publié ; le dernier par défaut.")
@click.option("--departement", default="", metavar="NN", help="Le bilan de ce seul département.")
@click.option("--public", is_flag=True, help="Fait des seules valeurs qui peuvent sortir.")
@_warehouse
@_roadmap
def rapport(
    dossier: Path, arrete: str, departement: str, public: bool, warehouse: Path, roadmap: Path
) -> int:
    """Écrit le bilan : des pages, un document et un classeur, à partir de l'entrepôt publié.

    Le dossier est créé. S'il contient un bilan précédent, le nouveau le remplace, et reprend les
    textes écrits dans bilan.docx ; s'il contient autre chose, rien n'est écrit.

    Codes de sortie : 0 écrit ; 2 rien n'est écrit, le dossier reste tel quel.
    """
    from pipelines.edition import dossier as edition

    ecrit = edition.ecrire(dossier, warehouse, arrete, departement, public, roadmap)
    click.echo(
        f"Bilan de l'arrêté {ecrit.arrete} : «{dossier / edition.ACCUEIL}» "
        f"({ecrit.fichiers} fichiers, dont {ecrit.refaits} refaits)."
    )
    return PUBLIE


@bilan.command()
@click.argument("dossier", type=click.Path(path_type=Path), metavar="DOSSIER")
@click.option(
    "--analystes",
    is_flag=True,
    help="Écrit plutôt analyse.duckdb : des effectifs à la place des lignes de personnes.",
)
@_warehouse
def exporter(dossier: Path, analystes: bool, warehouse: Path) -> int:
    """Écrit ce qui peut sortir de l'administration : CSV, Parquet, classeur et leur description.

    Le dossier est créé. S'il contient l'export précédent, le nouveau le remplace et dit lequel il
    suit ; ce qui y était masqué le reste, sauf si sa valeur a changé. S'il contient autre chose,
    rien n'est écrit.

    Codes de sortie : 0 exporté ; 2 rien n'est écrit, l'export précédent reste en place.
    """
    if analystes:
        from pipelines.export import analystes as des_analystes

        ecartes = des_analystes.exporter(dossier, warehouse)
        click.echo(
            f"«{dossier / des_analystes.NOM}» écrit, sans les lignes de personnes "
            f"({', '.join(ecartes) or 'aucun extrait'}). Il ne sort pas de l'administration."
        )
        return PUBLIE
    from pipelines.export import ouvert

    ecrit = ouvert.exporter(dossier, warehouse)
    suite = f"suit la version {ecrit.suit}" if ecrit.suit else "n'en suit aucune"
    garde = f", dont {ecrit.remasquees} gardées masquées" if ecrit.remasquees else ""
    click.echo(
        f"{ecrit.lignes} valeurs écrites dans «{dossier}», {ecrit.masquees} masquées{garde}. "
        f"Version {ecrit.version}, qui {suite}."
    )
    return PUBLIE


@bilan.command()
@click.argument("requete", default="", metavar="[REQUÊTE]")
@_warehouse
def sql(requete: str, warehouse: Path) -> int:
    """Interroge l'entrepôt publié, sans pouvoir rien écrire ; sans requête, ouvre une console.

    La console se souvient des requêtes (flèches), et «.tables» y liste les tables. Des requêtes
    peuvent aussi lui venir d'un fichier : bilan sql < requetes.sql.

    Codes de sortie : 0 ; 2 une requête a échoué, ou il n'y a pas d'entrepôt.
    """
    from pipelines.console import console, interroger

    if requete:
        interroger(warehouse, requete, sys.stdout)
    elif console(warehouse, sys.stdin, sys.stdout, sys.stderr) and not sys.stdin.isatty():
        return RIEN
    return PUBLIE


@bilan.command()
@click.option(
    "--port", type=click.IntRange(1, 65535), default=3000, metavar="N", help="Port (3000)."
)
def ui(port: int) -> int:
    """Ouvre l'interface web de Dagster sur 127.0.0.1, avec ses planifications et capteurs."""
    from pipelines.interface import interface

    return interface(port)


@bilan.command()
@click.argument("dossier", type=click.Path(path_type=Path), metavar="DOSSIER")
@click.option("--lignes", default=10_000, metavar="N", help="Lignes de cir_signataires (10 000).")
@click.option("--mois", default="2020-01:2020-12", metavar="AAAA-MM:AAAA-MM", help="Mois livrés.")
@click.option("--graine", default=0, metavar="N", help="Graine du hasard (0).")
@_roadmap
def simuler(dossier: Path, lignes: int, mois: str, graine: int, roadmap: Path) -> int:
    """Écrit des livraisons fictives de la taille voulue, pour essayer et pour mesurer."""
    if INSTALLE:
        raise Faute(
            "«bilan simuler» n'est pas dans le paquet installé : les livraisons fictives ne "
            "s'écrivent que depuis un clone du dépôt du projet."
        )
    from pipelines.mois import valide
    from pipelines.simulation.grandeur import simuler as ecrire

    premier, deux_points, dernier = mois.partition(":")
    valide(premier, "--mois")
    valide(dernier if deux_points else premier, "--mois")
    ecrire(dossier, lignes, (premier, dernier if deux_points else premier), graine, roadmap)
    click.echo(f"Livraisons fictives écrites dans «{dossier}».")
    return PUBLIE


def _expliquer(erreur: click.UsageError) -> str:
    """What is wrong with the arguments, in French."""
    match erreur:
        case click.NoSuchOption(option_name=nom):
            return f"option inconnue : {nom}"
        case click.MissingParameter(param=parametre):
            nom = parametre.make_metavar(erreur.ctx) if parametre and erreur.ctx else "un argument"
            return f"il manque {nom}"
        case click.BadParameter(param=parametre):
            nom = parametre.opts[0] if parametre else "un argument"
            return f"valeur non valable pour {nom}"
        case click.BadOptionUsage(option_name=nom):
            return f"l'option {nom} attend une valeur"
    mots = erreur.format_message()
    if "No such command" in mots:
        return f"commande inconnue ({mots.split()[-1].strip('.')})"
    if "unexpected extra argument" in mots:
        return f"argument de trop {mots[mots.index('(') :]}" if "(" in mots else "argument de trop"
    return "commande incomplète"


def executer(arguments: list[str] | None = None, erreurs: IO[str] | None = None) -> int:
    """Run a command line; gives its exit code."""
    flux, sortie = erreurs or sys.stderr, sys.stdout
    try:
        code = bilan.main(arguments, prog_name="bilan", standalone_mode=False)
        return int(code or PUBLIE)
    except click.UsageError as erreur:
        nom = erreur.ctx.command_path if erreur.ctx else "bilan"
        print(f"Erreur : {_expliquer(erreur)}. Voir «{nom} --help».", file=flux)
    except Faute as faute:
        print(f"Erreur : {faute}", file=flux)
    except (KeyboardInterrupt, click.Abort):
        print("Interrompu : rien n'a été publié.", file=flux)
    except BaseException as erreur:  # a library's panic is no Exception; nor does it say «publié»
        # Where the reader of our output left, Click replaces it, and ends.
        if isinstance(erreur, BrokenPipeError) or sys.stdout is not sortie:
            sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115
            return PUBLIE
        if os.environ.get("BILAN_TRACE"):
            traceback.print_exc(file=flux)
        elif isinstance(erreur, MemoryError):
            print("Erreur : la mémoire manque. Libérez-en, puis relancez.", file=flux)
        else:
            dit = " : ".join([type(erreur).__name__, *str(erreur).splitlines()[:1]])[:300]
            print(
                f"Erreur inattendue ({dit}). La trace complète : relancer avec BILAN_TRACE=1.",
                file=flux,
            )
    return RIEN


def main() -> None:
    """Entry point of the command `bilan`."""
    for flux in (sys.stdout, sys.stderr):
        if isinstance(flux, TextIOWrapper):  # a file's name may hold what cannot be printed
            flux.reconfigure(errors="backslashreplace")
    code = executer()
    for flux in (sys.stdout, sys.stderr):
        try:
            flux.flush()
        except OSError:  # its reader left: what is not said changes no exit code
            os.dup2(os.open(os.devnull, os.O_WRONLY), flux.fileno())
    sys.exit(code)
