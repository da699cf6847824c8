"""Running a job in this very process, as a run of the code location that the interface shows.

When a run starts, and with which months, is decided elsewhere.
"""

from collections.abc import Mapping
from typing import Any

import dagster as dg

# Not public: `JobDefinition.execute_in_process` is, but its runs belong to no code location, and
# the interface shows them neither on its home page nor under their job.
from dagster._core.definitions.job_base import InMemoryJob
from dagster._core.definitions.repository_definition import SINGLETON_REPOSITORY_NAME
from dagster._core.execution.api import execute_run
from dagster._core.remote_origin import (
    RegisteredCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)

EMPLACEMENT = "bilan"  # the code location of workspace.yaml; a server's is named after its region


def executer_ici(
    job: dg.JobDefinition,
    instance: dg.DagsterInstance,
    tags: Mapping[str, str],
    emplacement: str,
    run_config: Mapping[str, Any] | None = None,
) -> dg.JobExecutionResult:
    """Run a job to its end; `emplacement` is the name of the code location that has it.

    Of a code location, Dagster compares the name and the repository's only: not how it is reached.

    Raises:
        Exception: what made a step fail, as it is, or Dagster's error around it.
        DagsterExecutionInterruptedError: Ctrl+C, or a signal to end.
    """
    lieu = RemoteRepositoryOrigin(
        RegisteredCodeLocationOrigin(emplacement), SINGLETON_REPOSITORY_NAME
    )
    run = instance.create_run_for_job(
        job,
        run_config=run_config,
        tags={**job.run_tags, **tags},
        remote_job_origin=RemoteJobOrigin(lieu, job.name),
    )
    return execute_run(InMemoryJob(job), run, instance, raise_on_error=True)
