"""What the Amazon MWAA environment is told: options, requirements, topology.

Nothing here imports Pulumi.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

DAGS_FOLDER = "/usr/local/airflow/dags"
"""Where the environment sees the bucket's `dags/`."""

CONNECTION_PATTERN = "^aws_crossaccount_role_conn_[a-z][a-z0-9]{0,11}$"
"""The connections that Airflow asks Secrets Manager for; it is billed for every question."""

_SECRETS_BACKEND = "airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend"


def configuration_options(environment_name: str, chosen: Mapping[str, str]) -> dict[str, str]:
    """Airflow's options: where connections are kept, then what the topology has `chosen`.

    Raises ValueError for a chosen option that would take the connections from somewhere else.
    """
    taken = sorted(key for key in chosen if key.startswith("secrets."))
    if taken:
        raise ValueError(
            f"hub.environment.configuration_options: {', '.join(taken)} is not allowed: this "
            "program keeps the connections in Secrets Manager and sets the options in `secrets` "
            "itself. Remove it"
        )
    backend = {
        "connections_prefix": f"{environment_name}/connections",
        "connections_lookup_pattern": CONNECTION_PATTERN,
        # Null: never asked for variables and options, which nothing here keeps there.
        "variables_prefix": None,
        "config_prefix": None,
    }
    return {
        # A new DAG waits for somebody to switch it on, also where an option elsewhere says not to.
        "core.dags_are_paused_at_creation": "True",
        **chosen,
        "secrets.backend": _SECRETS_BACKEND,
        "secrets.backend_kwargs": json.dumps(backend, sort_keys=True),
    }


def constraints_name(airflow_version: str) -> str:
    """The name of the constraints file of an Airflow version, beside the DAGs."""
    return f"constraints-{airflow_version}.txt"


def requirements_text(requirements: str, airflow_version: str) -> str:
    """The requirements with a constraint that the environment can reach without the Internet.

    A constraint that the file names itself is kept.
    """
    lines = [line.strip() for line in requirements.splitlines()]
    if any(line.startswith(("--constraint", "-c ")) for line in lines):
        return requirements
    path = f"{DAGS_FOLDER}/{constraints_name(airflow_version)}"
    return f'--constraint "{path}"\n{requirements}'


def dag_topology(
    data_pipelines: Mapping[str, Mapping[str, Any]], ml_pipelines: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """What the DAGs know of the pipelines, as `dags/topology.json` has it. Holds no secret."""
    return {
        "version": 1,
        "data_pipelines": dict(data_pipelines),
        "ml_pipelines": dict(ml_pipelines),
    }
