"""The steps of indicators: the values of each, at each month, tried by the identities of values.

One result an indicator, with all the months that were computed: a month is computed again where
what it depends on has changed. What an indicator counts is in its file.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl

from pipelines import controles
from pipelines.controles import Resultat
from pipelines.empreintes import du_code, empreinte, sql
from pipelines.entrepot import tables
from pipelines.feuille_de_route import FeuilleDeRoute
from pipelines.indicateurs import comptage
from pipelines.indicateurs.definition import Indicateur
from pipelines.pas import Pas, Tableau
from pipelines.pas import faits as des_faits
from pipelines.pas import livraisons as des_livraisons
from pipelines.rapprochement.comparaison import rapprocher
from pipelines.sql import nombre, nommees, parquet, texte

if TYPE_CHECKING:
    from pipelines.atelier import Atelier

_ICI = Path(comptage.__file__).parent
CODE = (Path(comptage.__file__), *sorted(_ICI.glob("*.sql")), tables.MACROS)
_MOTS = ("titre", "numerateur", "denominateur", "personnes", "objectif", "chemin", "ligne_sql")
_CHIFFRES_CITES = 5
_MOIS_MONTRES = 12
_BEAUCOUP = 200_000  # rows of facts
_ENSEMBLE = 200_000  # values, held at once
_FILS = 2


def cle(indicateur: Indicateur) -> str:
    """Key of an indicator: its path."""
    return f"indicateurs/{indicateur.groupe}/{indicateur.nom}"


def pas(indicateurs: Sequence[Indicateur], feuille: FeuilleDeRoute) -> Iterator[Pas]:
    """The steps, those of one priority after those of another."""
    for indicateur in indicateurs:
        yield _de_l_indicateur(indicateur, feuille)


def _de_l_indicateur(i: Indicateur, feuille: FeuilleDeRoute) -> Pas:
    priorite = feuille.priorites.get(i.objectif or 0)
    return Pas(
        cle=cle(i),
        genre="indicateurs",
        groupe=f"4_priorite_{priorite}" if priorite else f"4_{i.groupe}",
        mots=_en_mots(i, feuille),
        sql=i.sql,
        entrees=(des_faits.cle(i.extrait),),
        code=(i.chemin,),
        empreinte=lambda atelier, _: empreinte_a(atelier, i, atelier.dernier),
        a_jour=lambda atelier, pas, _: not _manquants(atelier, i),
        faire=_faire,
        montrer=lambda atelier, pas: _montrer(atelier, i),
        service=i.extrait.split("/")[0],
        sortes=frozenset({"sql", "duckdb"}),
        faits={
            "indicateur": i.nom,
            "nature": i.nature,
            "unite": i.unite,
            "sens": i.sens,
            "personnes": i.personnes,
            "ventilations": ", ".join(i.ventilations) or "aucune",
            "periodes": ", ".join(i.periodes),
            "territoires": i.territoires,
        },
    )


def _en_mots(i: Indicateur, feuille: FeuilleDeRoute) -> str:
    """What an indicator counts, where it is printed."""
    diviseur = f" / {i.denominateur}" if i.denominateur else ""
    imprimes = [c for c in feuille.tables["chiffres_publies"] if c["indicateur"] == i.nom]
    citations = [
        f"- ligne {c['ligne']} : «{c['citation']}» ({c['territoire']}, {c['periode']})"
        for c in imprimes[:_CHIFFRES_CITES]
    ]
    reste = len(imprimes) - len(citations)
    suite = [f"- et {reste} autres, dans rapprochement.chiffres"] if reste else []
    mots = f"{i.titre} ({i.unite}).\n\n{i.numerateur}{diviseur}"
    if not imprimes:
        return mots
    return "\n".join([mots, "", "Imprimé dans le bilan :", "", *citations, *suite])


def mois_calcules(atelier: "Atelier") -> list[str]:
    """The months at which indicators are computed: those asked, and the bilan's own."""
    return [*atelier.arretes, *atelier.a_part]


def empreinte_a(atelier: "Atelier", i: Indicateur, mois: str) -> str:
    """What the values of an indicator at a month depend on."""
    return empreinte(
        atelier.retenir("indicateur", i.nom, calculer=lambda: _sans_mois(atelier, i)),
        des_livraisons.empreinte_a(atelier, i.extrait, mois),
    )


def _sans_mois(atelier: "Atelier", i: Indicateur) -> str:
    """What they depend on at any month."""
    feuille = atelier.feuille.tables
    return empreinte(
        sql(i.sql),
        {nom: valeur for nom, valeur in asdict(i).items() if nom not in (*_MOTS, "sql")},
        des_faits.corrections(atelier, i.extrait),
        [[dict(ligne) for ligne in feuille[nom]] for nom in ("territoires", "codes")],
        [
            dict(ligne)
            for nom in ("cibles", "references_nationales")
            for ligne in feuille[nom]
            if ligne["indicateur"] == i.nom
        ],
        du_code(*CODE, *des_faits.CODE, Path(controles.__file__)),
        [asdict(c) for c in controles.de(controles.VALEURS)],
    )


def _faire(atelier: "Atelier", demandes: Sequence[tuple[Pas, str]]) -> None:
    """Count what is not kept as it would be computed now, and roll it up.

    Indicators that miss the same months are rolled up by one query.
    """
    connus = {i.nom: i for i in atelier.indicateurs}
    par_mois: dict[tuple[str, ...], list[Indicateur]] = {}
    for pas, _ in demandes:
        i = connus[pas.faits["indicateur"]]
        par_mois.setdefault(_manquants(atelier, i), []).append(i)
    for mois, indicateurs in par_mois.items():
        _calculer(atelier, indicateurs, mois)


def _manquants(atelier: "Atelier", i: Indicateur) -> tuple[str, ...]:
    """The months of the run at which what is kept is not what would be computed now."""
    gardes = _gardes(atelier, i)
    return tuple(
        m
        for m in mois_calcules(atelier)
        if gardes.get(m, {}).get("empreinte") != empreinte_a(atelier, i, m)
    )


def _gardes(atelier: "Atelier", i: Indicateur) -> dict[str, Any]:
    """What is kept of an indicator, month by month."""
    gardee = atelier.gardees.reprendre(cle(i))
    return dict(gardee.fiche["mois"]) if gardee else {}


def _calculer(atelier: "Atelier", indicateurs: Sequence[Indicateur], mois: Sequence[str]) -> None:
    con = atelier.con
    extraits = sorted({i.extrait for i in indicateurs})
    for extrait in extraits:
        des_faits.ouvrir(atelier, extrait)
        atelier.obtenir([des_faits.cle(extrait)])
        des_livraisons.exiger(atelier, des_faits.cle(extrait))
    comptage.livrer(con, des_livraisons.mois_livres(atelier, extraits))
    comptage.preparer(con, indicateurs, atelier.regles, mois)
    comptage.dater(con, [atelier.regles[extrait] for extrait in extraits])
    if atelier.ailleurs:
        for extrait in extraits:
            atelier.annoncer_dans(f"moteur : {extrait}")
            atelier.ailleurs.lire(extrait, des_livraisons.avec_lectures(atelier, extrait))
    mesures = _compter(atelier, indicateurs, mois)
    atelier.annoncer_dans("indicateurs : mise en commun")
    lignes = comptage.valeurs(con)
    resultats = controles.des_valeurs(con)
    # Months that are kept come along with those just computed.
    en_tout = lignes * max(len({*mois, *_gardes(atelier, i)}) for i in indicateurs) // len(mois)
    ensemble = max(1, len(indicateurs) * _ENSEMBLE // max(1, en_tout))
    for debut in range(0, len(indicateurs), ensemble):
        quelques = indicateurs[debut : debut + ensemble]
        lues = _valeurs(atelier, quelques, mois)
        par_nom = lues.partition_by("indicateur", as_dict=True)
        for i in quelques:
            siennes = par_nom.get((i.nom,), lues.clear())
            _garder(atelier, i, mois, siennes, mesures[i.nom], resultats)


def _compter(
    atelier: "Atelier", indicateurs: Sequence[Indicateur], mois: Sequence[str]
) -> dict[str, dict[str, int]]:
    """Count each indicator; gives its number of measures at each month.

    Where facts are few, small queries cost more when DuckDB shares them out: each is one thread's,
    and two of them run at a time.
    """
    con = atelier.con
    faits = nombre(
        con, "select sum(estimated_size) from duckdb_tables() where database_name = 'chantier'"
    )
    if atelier.ailleurs or faits >= _BEAUCOUP:
        return {i.nom: _compter_un(atelier, con, i, mois) for i in indicateurs}
    con.execute("set threads = 1")
    with ThreadPoolExecutor(_FILS) as fils, ExitStack() as pile:
        connexions = [pile.enter_context(atelier.autre_con()) for _ in range(_FILS)]
        parts = [indicateurs[rang::_FILS] for rang in range(_FILS)]
        comptees = list(
            fils.map(
                lambda part, sienne: {i.nom: _compter_un(atelier, sienne, i, mois) for i in part},
                parts,
                connexions,
            )
        )
    con.execute("reset threads")
    return {nom: nombres for part in comptees for nom, nombres in part.items()}


def _compter_un(
    atelier: "Atelier", con: duckdb.DuckDBPyConnection, i: Indicateur, mois: Sequence[str]
) -> dict[str, int]:
    atelier.annoncer_dans(f"indicateurs : {i.nom}")
    return comptage.compter(con, i, mois, atelier.ailleurs)


def _valeurs(
    atelier: "Atelier", indicateurs: Sequence[Indicateur], mois: Sequence[str]
) -> pl.DataFrame:
    """The values of indicators: of the months just computed, and of the others that are kept.

    Many at once: a query for each would cost more than they do.
    """
    gardees = [g for i in indicateurs if (g := atelier.gardees.reprendre(cle(i)))]
    noms = ", ".join(texte(i.nom) for i in indicateurs)
    requete = f"from chantier.valeurs where indicateur in ({noms})"
    if gardees:
        requete += f"""
            union all by name
            select * exclude (filename) from {parquet(g.pieces["valeurs"] for g in gardees)}
            where arrete not in ({", ".join(map(texte, mois))})
        """
    return pl.DataFrame(atelier.con.sql(requete))


def _garder(
    atelier: "Atelier",
    i: Indicateur,
    mois: Sequence[str],
    valeurs: pl.DataFrame,
    mesures: Mapping[str, int],
    resultats: Sequence[Resultat],
) -> None:
    """Keep the months just computed beside the others."""
    fiche = {m: f for m, f in _gardes(atelier, i).items() if m not in mois}
    for m in mois:
        siens = [r.retenus[i.nom, m] for r in resultats if (i.nom, m) in r.retenus]
        fiche[m] = {
            "empreinte": empreinte_a(atelier, i, m),
            "mesures": mesures[m],
            "moteur": atelier.demande.moteur,
            "defauts": controles.en_fiche(siens),
        }
    atelier.gardees.garder(
        cle(i),
        atelier.empreinte(cle(i)),
        {"mois": dict(sorted(fiche.items()))},
        tableaux={"valeurs": valeurs},
    )


def pieces(atelier: "Atelier", indicateurs: Sequence[Indicateur]) -> str:
    """The values kept of indicators, as SQL reads them."""
    return parquet(atelier.gardee(cle(i)).pieces["valeurs"] for i in indicateurs)


def sans_mesure(atelier: "Atelier", i: Indicateur, mois: str) -> bool:
    """Whether nothing counted for an indicator at a month, anywhere."""
    return not atelier.gardee(cle(i)).fiche["mois"][mois]["mesures"]


def defauts(atelier: "Atelier", mois: str) -> dict[str, list[Resultat]]:
    """What identities found at a month, by indicator: those are withheld."""
    trouves = {}
    for i in atelier.indicateurs:
        fiches = atelier.gardee(cle(i)).fiche["mois"][mois]["defauts"]
        if fiches:
            trouves[i.nom] = controles.de_fiche(fiches)
    return trouves


def _montrer(atelier: "Atelier", i: Indicateur) -> Mapping[str, Any]:
    """Its value in the region by month, and what the printed bilan says beside what it is."""
    regionales, chiffres = (montres.get(i.nom, []) for montres in _a_montrer(atelier))
    montre: dict[str, Any] = {}
    if regionales and regionales[0]["valeur"] is not None:
        montre["valeur"] = float(regionales[0]["valeur"])
    montre["région, par arrêté"] = Tableau.de(regionales, _MOIS_MONTRES)
    if chiffres:
        montre["chiffres imprimés"] = Tableau.de(chiffres, len(chiffres))
    return montre


def _a_montrer(atelier: "Atelier") -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
    """The values of the region and the printed figures of each indicator, from what is kept."""
    if "indicateurs montrés" not in atelier.memoire:
        with duckdb.connect() as con:
            con.execute("attach ':memory:' as chantier")
            tables.creer(con, [])
            tables.charger_referentiel(con, atelier.feuille, atelier.indicateurs)
            gardees = [g for i in atelier.indicateurs if (g := atelier.gardees.reprendre(cle(i)))]
            con.execute(
                f"""
                insert into indicateurs.valeurs by name
                select * exclude (filename, numerateur_a_date, denominateur_a_date)
                from {parquet(g.pieces["valeurs"] for g in gardees)}
                """
            )
            rapprocher(con)
            atelier.memoire["indicateurs montrés"] = (
                valeurs_par_arrete(con),
                _par_indicateur(con, _CHIFFRES),
            )
    montres: tuple[dict[str, list[Any]], dict[str, list[Any]]]
    montres = atelier.memoire["indicateurs montrés"]
    return montres


def valeurs_par_arrete(con: duckdb.DuckDBPyConnection) -> dict[str, list[Any]]:
    """The newest value of the region at each arrêté, by indicator."""
    return _par_indicateur(con, _REGIONALES)


def _par_indicateur(con: duckdb.DuckDBPyConnection, requete: str) -> dict[str, list[Any]]:
    lignes: dict[str, list[Any]] = {}
    for ligne in nommees(con, requete):
        lignes.setdefault(ligne.pop("indicateur"), []).append(ligne)
    return lignes


# Few columns, and rounded: a page holds them whole.
_REGIONALES = """
    select
        v.indicateur,
        v.arrete,
        v.periode,
        round(v.valeur, 2) as valeur,
        affiche_maturite(v.maturite) as maturité,
        case
            when v.maturite <> 'provisoire' then affiche_changement(v.evolution, v.ecart, i.unite)
            else affiche_changement(v.evolution_a_date, v.ecart_a_date, i.unite) || ', à date'
        end as évolution
    from indicateurs.valeurs as v
    join referentiel.indicateurs as i on v.indicateur = i.indicateur
    join referentiel.territoires as t on v.territoire = t.territoire
    where t.maille = 'region' and v.ventilation = 'total'
    qualify row_number() over (
        partition by v.indicateur, v.arrete
        order by
            list_position(['annee', 'annee_scolaire', 'mois', 'cumul'], v.type_periode),
            v.periode desc
    ) = 1
    order by v.indicateur, v.arrete desc
"""
_CHIFFRES = """
    select
        indicateur,
        ligne,
        citation || ' (' || concat_ws(', ', territoire, periode) || ')' as citation,
        valeur as imprime,
        round(valeur_calculee, 2) as calcule,
        verdict
    from rapprochement.chiffres
    order by indicateur, ligne, chiffre
"""
