"""What a steward follows, read from the warehouse: what came or did not, what is to look at.

How it is told does not belong here: see `accueil`.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from pipelines.corrections.application import CONTROLE
from pipelines.edition.source import Source
from pipelines.peremption.fondements import Perime, perimes

REJETS = 5
"""Rejections of a file that are read; there may be thousands."""

Rangee = dict[str, Any]


@dataclass
class Suivi:
    """The rows of each, read once."""

    source: Source

    @cached_property
    def refusees(self) -> list[Rangee]:
        """The files refused, the newest first."""
        return [ligne for ligne in self.source.livraisons if ligne["statut"] == "refusee"]

    @cached_property
    def rejetees(self) -> int:
        """How many lines are rejected in files that are loaded."""
        acceptees = (v for v in self.source.livraisons if v["statut"] == "acceptee")
        return sum(v["rejetees"] for v in acceptees)

    @cached_property
    def services(self) -> dict[str, str]:
        """Who delivers, by source, under its name of today."""
        lues = self.source.lignes("from referentiel.sources")
        return {s["source"]: s["aujourd_hui"] or s["libelle"] for s in lues}

    @cached_property
    def rejets(self) -> dict[str, list[Rangee]]:
        """The first rejections of each file, the newest files first."""
        rangees = self.source.lignes(
            f"""
            select fichier, feuille, ligne, colonne, regle, message from qualite.rejets
            where coalesce(mois_livraison, '') <= arrete()
            qualify row_number() over (
                partition by fichier order by feuille, ligne, colonne, regle
            ) <= {REJETS}
            order by mois_livraison desc nulls first, fichier, feuille, ligne, colonne, regle
            """
        )
        return {nom: list(siens) for nom, siens in groupby(rangees, key=lambda r: r["fichier"])}

    @cached_property
    def attendus(self) -> list[Rangee]:
        """What is due by the arrêté, with `nom_partie` and `etat`, as the calendar wants."""
        return self.source.lignes(
            """
            select
                a.*,
                coalesce(t.libelle, a.partie, '') as nom_partie,
                case
                    when a.statut in ('recue', 'refusee') then a.statut
                    when a.statut = 'manquante' and a.retard_jours = 0 then 'non_due'
                    when a.statut = 'manquante' and a.suivante is not null then 'en_retard'
                    else 'manquante'
                end as etat
            from qualite.attendus as a
            left join referentiel.territoires as t
                on t.maille in ('departement', 'academie') and lower(t.code) = lower(a.partie)
            where a.mois <= arrete()
            order by a.source, a.extrait, a.mois, t.rowid, a.partie
            """
        )

    @cached_property
    def absentes(self) -> list[Rangee]:
        """Those that did not come in time, or of which a file is gone; the newest first."""
        absentes = [
            a
            for a in self.attendus
            if a["attendu"]
            and (a["disparu"] or (a["statut"] == "manquante" and a["retard_jours"] > 0))
        ]
        return sorted(absentes, key=lambda a: a["mois"], reverse=True)

    @cached_property
    def doutes(self) -> list[Rangee]:
        """Those on the files that are loaded, as `bilan.qualite` counts them."""
        return self.source.lignes(
            """
            select d.* from qualite.doutes as d
            join qualite.livraisons as l on d.fichier = l.fichier and l.statut = 'acceptee'
            where d.mois_livraison <= arrete()
            order by
                d.mois_livraison desc, d.fichier, d.doute, d.feuille, d.premiere_ligne, d.colonne
            """
        )

    @cached_property
    def controles(self) -> list[Rangee]:
        """All the checks of the arrêté."""
        return self.source.lignes(
            """
            from qualite.controles where arrete = arrete()
            order by severite, controle, objet, message
            """
        )

    @cached_property
    def defauts(self) -> list[Rangee]:
        """The identities that something breaks."""
        return [c for c in self.controles if c["severite"] == "bloquant" and not c["reussi"]]

    @cached_property
    def signalements(self) -> list[Rangee]:
        """What is not plausible."""
        return [c for c in self.plausibilite if not c["reussi"]]

    @cached_property
    def plausibilite(self) -> list[Rangee]:
        """The expectations that were looked at."""
        return [
            c
            for c in self.controles
            if c["severite"] == "signalement" and c["controle"] != CONTROLE
        ]

    @cached_property
    def levees(self) -> list[Rangee]:
        """The corrections that no longer serve."""
        return [c for c in self.controles if c["controle"] == CONTROLE and not c["reussi"]]

    @cached_property
    def perimes(self) -> list[Perime]:
        """The published months that would be otherwise today."""
        return perimes(self.source.con)

    @cached_property
    def ecritures(self) -> Rangee | None:
        """What `bilan.qualite` says of correspondances.csv, if there is one."""
        dits = self.source.lignes("from bilan.qualite where sujet = 'Écritures'")
        return dits[0] if dits else None

    def service(self, source: str) -> str:
        """Who delivers a source, by name."""
        return self.services.get(source, source)
