"""What the Amazon MWAA environment is configured with: options and requirements.

Nothing here imports Pulumi.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from components.aws.naming import OWNER_PATTERN
from components.pipeline.connection_names import connection_id, connections_prefix

DAGS_FOLDER = "/usr/local/airflow/dags"
"""Where the environment sees the bucket's `dags/`."""

PLUGINS_FOLDER = "/usr/local/airflow/plugins"
"""Where the environment unpacks plugins.zip."""

CONNECTION_PATTERN = f"^{connection_id(OWNER_PATTERN)}$"
"""The connections that Airflow asks Secrets Manager for; every look-up is billed."""

CONSTRAINTS_FOLDER = "workloads/mwaa"
"""Where the project keeps the constraints files that can lie beside the DAGs."""

_CONSTRAINTS = re.compile(
    rf"^\s*--constraint[ =][\"']?{DAGS_FOLDER}/(?P<name>constraints-[0-9.]+\.txt)", re.MULTILINE
)

_SECRETS_BACKEND = "airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend"


def configuration_options(environment_name: str, chosen: Mapping[str, str]) -> dict[str, str]:
    """Airflow's options: what the topology has `chosen`, and where connections are kept."""
    backend = {
        "connections_prefix": connections_prefix(environment_name),
        "connections_lookup_pattern": CONNECTION_PATTERN,
        # Null: Airflow never asks it for variables and options, which nothing here keeps there.
        "variables_prefix": None,
        "config_prefix": None,
    }
    return {
        # The DAG of a new pipeline starts paused: a user unpauses it.
        "core.dags_are_paused_at_creation": "True",
        **chosen,
        "secrets.backend": _SECRETS_BACKEND,
        "secrets.backend_kwargs": json.dumps(backend, sort_keys=True),
    }


def shipped_constraints(requirements: str) -> str | None:
    """The name of the constraints file beside the DAGs that `requirements` rely on, if any.

    A private environment can't fetch Airflow's constraints from the Internet, so a requirements
    file names them as `--constraint "/usr/local/airflow/dags/constraints-<version>.txt"`.
    """
    found = _CONSTRAINTS.search(requirements)
    return found and found["name"]
