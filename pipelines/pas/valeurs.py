"""The steps drawn from the values of all indicators.

Values and orientations month by month, the printed figures, what may leave, which months hold.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines import controles, diffusion
from pipelines.empreintes import du_code, empreinte
from pipelines.erreurs import Faute
from pipelines.indicateurs import comptage
from pipelines.indicateurs.definition import Indicateur
from pipelines.orientations import suivi as orientations
from pipelines.pas import Controle, Pas, Tableau, Verdict
from pipelines.pas import faits as des_faits
from pipelines.pas import indicateurs as des_indicateurs
from pipelines.pas import livraisons as des_livraisons
from pipelines.peremption import fondements as peremption
from pipelines.rapprochement import comparaison as rapprochement
from pipelines.rapprochement import hypothese, relations
from pipelines.sql import inserer, parquet

if TYPE_CHECKING:
    from pipelines.atelier import Atelier

_journal = logging.getLogger("bilan")
VALEURS = "indicateurs/valeurs"
AVANCEMENT = "orientations/avancement"
RAPPROCHEMENT = "rapprochement/chiffres"
DIFFUSION = "diffusion/valeurs"
ARRETES = "qualite/arretes"
A_JOUR = Controle("arretes_a_jour", "Tous les mois publiés sont à jour.")
INDEVINABLES = Controle(
    "effectifs_indevinables",
    "Aucun effectif masqué ne se devine de ce qui sort (pipelines/diffusion/attaque.py).",
)
GROUPE = "5_valeurs"
_ORDRE = "indicateur, type_periode, periode, territoire, ventilation, modalite"
_SQL = frozenset({"sql", "duckdb"})


def _voisin(module: Any, nom: str) -> Path:
    return Path(module.__file__).with_name(nom)


def pas(indicateurs: Sequence[Indicateur]) -> Iterator[Pas]:
    """The steps."""
    yield Pas(
        cle=VALEURS,
        genre="valeurs",
        groupe=GROUPE,
        mots=(
            "Les valeurs de tous les indicateurs à un arrêté, telles que l'étape partagée les "
            "somme, divise, compare et classe (pipelines/indicateurs/valeurs.sql), sans les "
            "indicateurs qu'une identité retient."
        ),
        entrees=tuple(map(des_indicateurs.cle, indicateurs)),
        code=(_voisin(comptage, "valeurs.sql"),),
        empreinte=lambda atelier, mois: empreinte(
            [[i.nom, des_indicateurs.empreinte_a(atelier, i, mois)] for i in atelier.indicateurs]
        ),
        faire=_faire_les_valeurs,
        montrer=_montrer_les_valeurs,
        controles=tuple(Controle(c.nom, c.titre) for c in controles.de(controles.VALEURS)),
        verdicts=_verdicts_des_valeurs,
        mensuel=True,
        sortes=_SQL,
        table="indicateurs.valeurs",
    )
    yield Pas(
        cle=AVANCEMENT,
        genre="avancement",
        groupe=GROUPE,
        mots=(
            "L'avancement de chaque orientation sur chacun de ses territoires, mesuré depuis le "
            "bilan ou déclaré (pipelines/orientations/avancement.sql)."
        ),
        entrees=("referentiel/feuille_de_route", VALEURS, f"faits/{orientations.CONSTATS}"),
        code=(_voisin(orientations, "avancement.sql"),),
        empreinte=_empreinte_de_l_avancement,
        faire=_avancer,
        montrer=_montrer_l_avancement,
        mensuel=True,
        sortes=_SQL,
        table="orientations.avancement",
    )
    yield Pas(
        cle=RAPPROCHEMENT,
        genre="rapprochement",
        groupe=GROUPE,
        mots=(
            "Chaque chiffre imprimé dans un bilan, comparé à ce que disent les données ; et les "
            "relations que ces chiffres doivent avoir entre eux."
        ),
        entrees=("referentiel/feuille_de_route", VALEURS),
        code=(_voisin(rapprochement, "chiffres.sql"),),
        empreinte=lambda atelier, _: empreinte(
            empreintes_des_mois(atelier),
            [
                [dict(ligne) for ligne in atelier.feuille.tables[nom]]
                for nom in ("chiffres_publies", "coherences", "cibles", "territoires")
            ],
            du_code(
                _voisin(rapprochement, "chiffres.sql"),
                Path(relations.__file__),
                Path(rapprochement.__file__),
                Path(hypothese.__file__),
            ),
        ),
        faire=_rapprocher,
        montrer=_montrer_le_rapprochement,
        sortes=_SQL,
        table="rapprochement.chiffres",
    )
    yield Pas(
        cle=DIFFUSION,
        genre="diffusion",
        groupe="6_diffusion",
        mots=(
            "Ce qui peut sortir de l'administration, au dernier arrêté : les effectifs de "
            "personnes masqués sous 5 et arrondis au multiple de 5, d'autres masqués pour que "
            "ceux-là ne se devinent pas, le reste tel quel (pipelines/diffusion/valeurs.sql)."
        ),
        entrees=("referentiel/feuille_de_route", VALEURS),
        code=(_voisin(diffusion, "valeurs.sql"),),
        empreinte=lambda atelier, _: empreinte(
            empreinte_publiee(atelier, atelier.dernier),
            [[i.nom, i.personnes] for i in atelier.indicateurs],
            [[dict(t) for t in atelier.feuille.tables[nom]] for nom in ("territoires", "cibles")],
            du_code(
                *Path(diffusion.__file__).parent.glob("*.sql"),
                *Path(diffusion.__file__).parent.glob("*.py"),
                *des_indicateurs.CODE,
            ),
        ),
        faire=_diffuser,
        montrer=_montrer_la_diffusion,
        controles=(INDEVINABLES,),
        verdicts=_verdicts_de_la_diffusion,
        sortes=_SQL,
        table="diffusion.valeurs",
    )
    yield Pas(
        cle=ARRETES,
        genre="arretes",
        groupe=GROUPE,
        mots=(
            "Sur quoi repose chaque mois publié. Un mois dont les livraisons, la feuille de route "
            "ou le programme ont changé depuis est à recalculer : d'ici, en choisissant ce mois "
            "sur entrepot/bilan, ou par «bilan refresh --depuis» "
            "(pipelines/peremption/arretes.sql)."
        ),
        entrees=(des_livraisons.RECUES, VALEURS),
        code=(_voisin(peremption, "arretes.sql"),),
        empreinte=lambda atelier, _: empreinte(
            empreintes_des_mois(atelier),
            des_livraisons.empreinte_des_livraisons(atelier),
            peremption.objets(atelier.feuille, atelier.indicateurs, atelier.regles.values()),
            du_code(Path(peremption.__file__), _voisin(peremption, "arretes.sql")),
        ),
        faire=_dater,
        montrer=_montrer_les_arretes,
        controles=(A_JOUR,),
        verdicts=_verdict_des_arretes,
        sortes=_SQL,
        table="qualite.arretes",
    )


def empreinte_publiee(atelier: "Atelier", mois: str) -> str:
    """What a month of the warehouse rests on: as it is computed now, or as it stays published."""
    if mois in atelier.arretes:
        return empreinte(atelier.empreinte(VALEURS, mois), atelier.empreinte(AVANCEMENT, mois))
    publie = atelier.gardees.reprendre("entrepot/bilan")
    if publie and list(atelier.chantier.identite or ()) == publie.fiche["identite"]:
        return str(publie.fiche["mois"].get(mois, ""))
    return empreinte(mois, atelier.chantier.identite)


def empreintes_des_mois(atelier: "Atelier") -> dict[str, str]:
    """The same for all the months of the warehouse."""
    return {mois: empreinte_publiee(atelier, mois) for mois in atelier.finals}


def _faire_les_valeurs(atelier: "Atelier", demandes: Sequence[tuple[Pas, str]]) -> None:
    """Put the values of all indicators together, but for those withheld."""
    atelier.obtenir(map(des_indicateurs.cle, atelier.indicateurs))
    atelier.prechauffer()
    con = atelier.con
    con.execute(
        f"""
        create or replace table chantier.ensemble as
        select * exclude (filename) from {des_indicateurs.pieces(atelier, atelier.indicateurs)}
        where arrete in (select unnest(?::varchar[]))
        """,
        [[mois for _, mois in demandes]],
    )
    for pas, mois in demandes:
        defauts = des_indicateurs.defauts(atelier, mois)
        retenus = ", ".join(f"'{nom}'" for nom in ["", *defauts])
        trouves = [r for resultats in defauts.values() for r in resultats]
        reunis = [
            controles.reunir(c, VALEURS.replace("/", "."), [r for r in trouves if r.controle == c])
            for c in controles.de(controles.VALEURS)
        ]
        choix = f"from chantier.ensemble where arrete = '{mois}' and indicateur not in ({retenus})"
        [compte] = atelier.lignes(f"select count(*) as n {choix}")
        atelier.gardees.garder(
            f"{pas.cle}@{mois}",
            atelier.empreinte(pas.cle, mois),
            {"lignes": compte["n"], "controles": controles.en_fiche(reunis)},
            con,
            {
                "valeurs": f"""
                select * exclude (numerateur_a_date, denominateur_a_date) {choix}
                order by {_ORDRE}
                """,
                "a_date": f"""
                select
                    indicateur, territoire, periode, type_periode, ventilation, modalite, arrete,
                    numerateur_a_date as numerateur, denominateur_a_date as denominateur
                {choix} and precedente_a_date is not null
                order by {_ORDRE}
                """,
            },
        )


def resultats(atelier: "Atelier", mois: str) -> list[controles.Resultat]:
    """What the identities of values found at a month."""
    return controles.de_fiche(atelier.gardee(VALEURS, mois).fiche["controles"])


def _verdicts_des_valeurs(atelier: "Atelier", pas: Pas) -> list[Verdict]:
    """What they found at all the months of the run; what breaks one is withheld."""
    trouves = [r for mois in atelier.arretes for r in resultats(atelier, mois)]
    reunis = [
        controles.reunir(c, pas.table, [r for r in trouves if r.controle == c])
        for c in controles.de(controles.VALEURS)
    ]
    return [Verdict(r.controle.nom, r.reussi, r.message, r.nombre, grave=True) for r in reunis]


def _montrer_les_valeurs(atelier: "Atelier", pas: Pas) -> Mapping[str, Any]:
    return {
        "lignes par mois": {m: atelier.gardee(pas.cle, m).fiche["lignes"] for m in atelier.arretes}
    }


def lire(atelier: "Atelier", cle: str, piece: str, mois: Sequence[str]) -> str:
    """A piece of a monthly step at months, as SQL reads it."""
    return parquet(atelier.gardee(cle, m).pieces[piece] for m in mois)


def _preparer(atelier: "Atelier", mois: Sequence[str], a_part: Sequence[str] = ()) -> None:
    """The working tables of the roll-up, for those who read them."""
    comptage.preparer(atelier.con, atelier.indicateurs, atelier.regles, mois, a_part)


def _empreinte_de_l_avancement(atelier: "Atelier", mois: str) -> str:
    declare = orientations.CONSTATS.replace("_", "/", 1)
    return empreinte(
        atelier.empreinte(VALEURS, mois),
        [
            atelier.empreinte(VALEURS, bilan)
            for bilan in atelier.feuille.arretes_des_bilans
            if bilan <= mois
        ],
        des_livraisons.empreinte_a(atelier, declare, mois) if declare in atelier.regles else "",
        des_faits.corrections(atelier, declare) if declare in atelier.regles else "",
        [dict(ligne) for ligne in atelier.feuille.tables["orientations"]],
        [dict(ligne) for ligne in atelier.feuille.tables["bilans"]],
        du_code(Path(orientations.__file__), _voisin(orientations, "avancement.sql")),
    )


def _avancer(atelier: "Atelier", demandes: Sequence[tuple[Pas, str]]) -> None:
    con = atelier.con
    mois = [m for _, m in demandes]
    a_part = [b for b in atelier.feuille.arretes_des_bilans if b < max(mois) and b not in mois]
    atelier.obtenir([VALEURS], [*mois, *a_part])
    des_faits.ouvrir(atelier, orientations.CONSTATS.replace("_", "/", 1))
    _preparer(atelier, mois, a_part)
    con.execute(
        f"""
        create or replace table chantier.valeurs as
        select * exclude (filename) from {lire(atelier, VALEURS, "valeurs", [*mois, *a_part])}
        """
    )
    orientations.preparer(
        con,
        des_livraisons.mois_livres(atelier, sorted({i.extrait for i in atelier.indicateurs})),
        [
            (i.nom, m)
            for i in atelier.indicateurs
            for m in [*mois, *a_part]
            if des_indicateurs.sans_mesure(atelier, i, m)
        ],
    )
    con.execute("create or replace temp table avant as from orientations.avancement")
    con.execute("truncate orientations.avancement")
    orientations.avancer(con, mois)
    for pas, m in demandes:
        choix = f"from orientations.avancement where arrete = '{m}'"
        statuts = atelier.lignes(
            f"""
            select statut, count(*) as orientations, count(*) filter (en_retard) as en_retard
            {choix} group by all order by all
            """
        )
        atelier.gardees.garder(
            f"{pas.cle}@{m}",
            atelier.empreinte(pas.cle, m),
            {"statuts": statuts},
            con,
            {"avancement": f"{choix} order by orientation, territoire"},
        )
    con.execute("truncate orientations.avancement")
    con.execute("insert into orientations.avancement from avant")


def _montrer_l_avancement(atelier: "Atelier", pas: Pas) -> Mapping[str, Any]:
    statuts = atelier.gardee(pas.cle, atelier.arretes[-1]).fiche["statuts"]
    return {f"statuts à l'arrêté {atelier.arretes[-1]}": Tableau.de(statuts)}


def _rapprocher(atelier: "Atelier", demandes: Sequence[tuple[Pas, str]]) -> None:
    atelier.poser("indicateurs.valeurs")
    for table in ("chiffres", "coherences"):
        atelier.con.execute(f"truncate rapprochement.{table}")
    rapprochement.rapprocher(atelier.con)
    feuille = atelier.feuille.tables
    rapprochement.relier(atelier.con, feuille["coherences"], feuille["chiffres_publies"])
    chiffres = atelier.lignes(
        """
        select
            ligne,
            citation || ' (' || concat_ws(', ', territoire, periode, 'arrêté ' || arrete) || ')'
                as citation,
            valeur as imprime,
            round(valeur_calculee, 2) as calcule,
            concat_ws(' : ', verdict, explication) as verdict
        from rapprochement.chiffres as c
        order by c.verdict = 'conforme', ligne, chiffre
        """
    )
    atelier.gardees.garder(
        RAPPROCHEMENT,
        atelier.empreinte(RAPPROCHEMENT),
        {"chiffres": chiffres},
        atelier.con,
        {
            "chiffres": "from rapprochement.chiffres order by chiffre",
            "coherences": "from rapprochement.coherences order by coherence",
        },
    )
    for table in ("chiffres", "coherences"):
        atelier.une_fois(f"posée rapprochement.{table}")


def _montrer_le_rapprochement(atelier: "Atelier", pas: Pas) -> Mapping[str, Any]:
    chiffres = atelier.gardee(pas.cle).fiche["chiffres"]
    return {"lignes": len(chiffres), "chiffres": Tableau.de(chiffres, len(chiffres))}


def _diffuser(atelier: "Atelier", demandes: Sequence[tuple[Pas, str]]) -> None:
    from pipelines.diffusion.masquage import diffuser  # it loads a solver

    atelier.poser("indicateurs.valeurs")
    atelier.poser("indicateurs.a_date")
    _preparer(atelier, [atelier.dernier])
    extraits = sorted({i.extrait for i in atelier.indicateurs})
    comptage.livrer(atelier.con, des_livraisons.mois_livres(atelier, extraits))
    atelier.con.execute("truncate diffusion.valeurs")
    faite = {"lignes": 0, "petits": 0, "en_plus": 0, "faute": ""}
    try:
        faite |= asdict(diffuser(atelier.con))
    except Faute as faute:
        # The warehouse serves inside all the same.
        faite["faute"] = str(faute)
        atelier.con.execute("truncate diffusion.valeurs")
        _journal.error("diffusion : %s", faute)
    atelier.gardees.garder(
        DIFFUSION,
        atelier.empreinte(DIFFUSION),
        {**faite, "arrete": atelier.dernier},
        atelier.con,
        {"valeurs": "from diffusion.valeurs"},
    )
    atelier.une_fois("posée diffusion.valeurs")


def _montrer_la_diffusion(atelier: "Atelier", pas: Pas) -> Mapping[str, Any]:
    fiche = atelier.gardee(pas.cle).fiche
    return {
        "lignes": fiche["lignes"],
        "arrêté": fiche["arrete"],
        "petits effectifs masqués": fiche["petits"],
        "masqués en plus, pour les protéger": fiche["en_plus"],
    }


def _verdicts_de_la_diffusion(atelier: "Atelier", pas: Pas) -> Sequence[Verdict]:
    """Whether what leaves gives no masked count away; where it would, nothing leaves."""
    fiche = atelier.gardee(pas.cle).fiche
    dit = fiche["faute"] or (
        f"Chacun des {fiche['petits']} petits effectifs pourrait être au moins trois nombres ; "
        f"{fiche['en_plus']} autres sont masqués pour cela."
    )
    return [Verdict(INDEVINABLES.nom, not fiche["faute"], dit, grave=True)]


def _dater(atelier: "Atelier", demandes: Sequence[tuple[Pas, str]]) -> None:
    """Compare what the published months rest on with what there is today."""
    con = atelier.con
    atelier.poser("indicateurs.valeurs")
    for extrait in ("", *atelier.regles):
        atelier.poser(f"qualite.livraisons {extrait}")
    con.execute("create or replace table chantier.arretes (arrete varchar, publie boolean)")
    inserer(con, "chantier.arretes", [[m, True] for m in atelier.arretes])
    peremption.constater(
        con, peremption.objets(atelier.feuille, atelier.indicateurs, atelier.regles.values())
    )
    perimes = [{"arrete": p.arrete, "cause": p.phrase} for p in peremption.perimes(con)]
    atelier.gardees.garder(
        ARRETES,
        atelier.empreinte(ARRETES),
        {"perimes": perimes},
        con,
        {"arretes": "from qualite.arretes"},
    )
    atelier.une_fois("posée qualite.arretes")


def perimes(atelier: "Atelier") -> dict[str, str]:
    """The published months that no longer hold, each with why."""
    return {p["arrete"]: p["cause"] for p in atelier.gardee(ARRETES).fiche["perimes"]}


def _montrer_les_arretes(atelier: "Atelier", pas: Pas) -> Mapping[str, Any]:
    causes = perimes(atelier)
    mois = [
        {"arrete": m, "a_jour": m not in causes, "cause": causes.get(m, "")}
        for m in reversed(atelier.finals)
    ]
    return {"arretes": Tableau.de(mois, len(mois))}


def _verdict_des_arretes(atelier: "Atelier", pas: Pas) -> list[Verdict]:
    causes = perimes(atelier)
    dits = "\n".join(causes.values()) or "Tous les mois sont à jour."
    return [Verdict(A_JOUR.nom, not causes, dits, len(causes))]
