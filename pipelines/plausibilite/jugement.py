"""The only module that imports Great Expectations: it judges frames and builds Data Docs.

What is expected is in `attentes`, frames come from `cadres`, `pages` makes the docs readable.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import great_expectations as gx
import pandas as pd
from great_expectations.core.run_identifier import RunIdentifier
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.expectations.core.expect_column_values_to_be_between import (
    ExpectColumnValuesToBeBetween,
)
from great_expectations.expectations.metadata_types import FailureSeverity

from pipelines.plausibilite.attentes import Attente, en_mots
from pipelines.plausibilite.constats import Constat

_CITES = 50  # rows of `qualite.controles` per expectation; the docs show as many
_FORMAT = {"result_format": "COMPLETE"}


@dataclass(frozen=True)
class Juge:
    """An ephemeral context of Great Expectations, and the run that its docs show."""

    contexte: Any
    passage: Any

    @classmethod
    def nouveau(cls, arrete: str) -> "Juge":
        """A judge for a month."""
        contexte = gx.get_context(mode="ephemeral")
        contexte.variables.progress_bars = ProgressBarsConfig(globally=False)
        contexte.data_sources.add_pandas("entrepot")
        passage = RunIdentifier(run_name=arrete, run_time=datetime.now(UTC))
        return cls(contexte, passage)

    def juger(self, attente: Attente, cadre: pd.DataFrame) -> list[Constat]:
        """What an expectation finds in a frame: one row that holds, or one per unlikely thing."""
        source = self.contexte.data_sources.get("entrepot")
        lot = source.add_dataframe_asset(attente.nom).add_batch_definition_whole_dataframe("tout")
        suite = self.contexte.suites.add(gx.ExpectationSuite(name=attente.nom))
        suite.add_expectation(
            ExpectColumnValuesToBeBetween(
                column=attente.mesure,
                min_value=attente.minimum,
                max_value=attente.maximum,
                description=f"{attente.titre} (attendu : {attente.attendu}).",
                severity=FailureSeverity.WARNING,
            )
        )
        validation = self.contexte.validation_definitions.add(
            gx.ValidationDefinition(name=attente.nom, data=lot, suite=suite)
        )
        montrees = [nom for nom in cadre.columns if nom != attente.mesure]
        resultat = validation.run(
            batch_parameters={"dataframe": cadre},
            result_format={**_FORMAT, "unexpected_index_column_names": montrees},
            run_id=self.passage,
        )
        [verdict] = resultat.results
        return _constats(attente, cadre, verdict.success, verdict.result)

    def documenter(self, dossier: Path) -> None:
        """Build Data Docs of all that was judged."""
        for site in list(self.contexte.variables.data_docs_sites):
            self.contexte.delete_data_docs_site(site)
        self.contexte.add_data_docs_site(
            "plausibilite",
            {
                "class_name": "SiteBuilder",
                "show_how_to_buttons": False,
                "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
                "store_backend": {
                    "class_name": "TupleFilesystemStoreBackend",
                    "base_directory": str(dossier),
                },
            },
        )
        self.contexte.build_data_docs(site_names=["plausibilite"])


def _constats(
    attente: Attente, cadre: pd.DataFrame, reussi: bool, resultat: Mapping[str, Any]
) -> list[Constat]:
    nom, attendu = attente.nom, attente.attendu
    if reussi:
        juges = int(cadre[attente.mesure].notna().sum())
        return [Constat(nom, "entrepot", True, f"{juges} mesures", attendu, f"{attente.titre}.")]
    if "unexpected_index_list" not in resultat:
        message = f"{attente.titre} : Great Expectations n'a pas pu le juger."
        return [Constat(nom, "entrepot", False, "rien", attendu, message)]
    lignes = resultat["unexpected_index_list"]
    constats = [
        Constat(
            nom,
            str(ligne["objet"]),
            False,
            en_mots(ligne[attente.mesure]),
            attendu,
            attente.phrase(ligne),
        )
        for ligne in lignes[:_CITES]
    ]
    if reste := len(lignes) - len(constats):
        message = f"{attente.titre} : {reste} autres, que les pages de plausibilité ne citent pas."
        constats.append(Constat(nom, "entrepot", False, str(reste), attendu, message))
    return constats
