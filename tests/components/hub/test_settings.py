"""What the environment is configured with."""

from __future__ import annotations

import json
import re

import pytest

from components.hub.logs import log_group_names
from components.hub.settings import CONNECTION_PATTERN, configuration_options, shipped_constraints
from components.pipeline.connection_names import connection_id, connection_secret_name

NAME = "unified-pipelines-dev-hub-airflow"


class TestOptions:
    """Connections come from Secrets Manager, whichever other options are chosen."""

    def test_secrets_backend(self) -> None:
        options = configuration_options(NAME, {})
        assert options["secrets.backend"] == (
            "airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend"
        )
        assert json.loads(options["secrets.backend_kwargs"]) == {
            "connections_prefix": f"{NAME}/connections",
            "connections_lookup_pattern": CONNECTION_PATTERN,
            "variables_prefix": None,
            "config_prefix": None,
        }

    def test_prefix_and_id_make_the_secret_s_name(self) -> None:
        kwargs = json.loads(configuration_options(NAME, {})["secrets.backend_kwargs"])
        assert f"{kwargs['connections_prefix']}/{connection_id('east1')}" == (
            connection_secret_name(NAME, "east1")
        )

    def test_chosen_options_are_kept(self) -> None:
        options = configuration_options(
            NAME, {"core.parallelism": "64", "core.dags_are_paused_at_creation": "False"}
        )
        assert options["core.parallelism"] == "64"
        assert options["core.dags_are_paused_at_creation"] == "False"

    def test_connections_cannot_be_taken_elsewhere(self) -> None:
        chosen = {"secrets.backend": "elsewhere", "secrets.backend_kwargs": "{}"}
        assert configuration_options(NAME, chosen) == configuration_options(NAME, {})

    @pytest.mark.parametrize("pipeline", ["a", "east1", "abcdefghijkl"])
    def test_pipelines_connections_are_looked_up(self, pipeline: str) -> None:
        assert re.match(CONNECTION_PATTERN, connection_id(pipeline))

    @pytest.mark.parametrize(
        "other", ["aws_default", "x_aws_crossaccount_role_conn_east1", f"{connection_id('e')}-2"]
    )
    def test_other_connections_are_not(self, other: str) -> None:
        assert not re.match(CONNECTION_PATTERN, other)


class TestConstraints:
    """A constraints file is shipped where the requirements name it beside the DAGs."""

    @pytest.mark.parametrize(
        "line",
        [
            '--constraint "/usr/local/airflow/dags/constraints-3.2.1.txt"',
            "--constraint=/usr/local/airflow/dags/constraints-3.2.1.txt",
            "  --constraint '/usr/local/airflow/dags/constraints-3.2.1.txt'",
        ],
    )
    def test_named(self, line: str) -> None:
        assert shipped_constraints(f"# ours\n{line}\npandas\n") == "constraints-3.2.1.txt"

    @pytest.mark.parametrize(
        "line",
        [
            "--constraint https://example.org/constraints-3.2.1.txt",
            "# --constraint /usr/local/airflow/dags/constraints-3.2.1.txt",
            "--constraint /usr/local/airflow/dags/../constraints.txt",
        ],
    )
    def test_not_named(self, line: str) -> None:
        assert shipped_constraints(f"{line}\npandas\n") is None


def test_log_groups_are_called_as_mwaa_calls_them() -> None:
    assert list(log_group_names("e").values()) == [
        "airflow-e-DAGProcessing",
        "airflow-e-Scheduler",
        "airflow-e-Task",
        "airflow-e-WebServer",
        "airflow-e-Worker",
    ]
