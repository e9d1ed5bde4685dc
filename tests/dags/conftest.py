"""Airflow in a home of its own, with a copy of `dags/` and a topology beside it.

All of it is set before Airflow is imported for the first time: Airflow reads its configuration
then and never again.
"""

from __future__ import annotations

import functools
import inspect
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from botocore import loaders, session  # type: ignore[import-untyped]

from tests.dags.example_topology import EXTERNAL_ID, SECRETS, connection, reached, topology
from tests.dags.fake_aws import FakeAws, Server, running

if TYPE_CHECKING:
    from airflow.models.dagbag import DagBag

DAGS = Path(__file__).resolve().parents[2] / "dags"

HOME = Path(tempfile.mkdtemp(prefix="airflow tests "))
"""With a space, as a checkout's path may have one."""

DAG_FOLDER = HOME / "dags"

for name in [name for name in os.environ if name.startswith(("AIRFLOW", "AWS_"))]:
    del os.environ[name]
os.environ.update(
    AIRFLOW_HOME=str(HOME),
    AIRFLOW__CORE__DAGS_FOLDER=str(DAG_FOLDER),
    AIRFLOW__CORE__LOAD_EXAMPLES="False",
    # As the deployment configures it on Amazon MWAA.
    AIRFLOW__SECRETS__BACKEND=(
        "airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend"
    ),
    AIRFLOW__SECRETS__BACKEND_KWARGS=json.dumps(
        {
            "connections_prefix": SECRETS,
            "connections_lookup_pattern": "^aws_crossaccount_role_conn_",
            "variables_prefix": None,
            "config_prefix": None,
        }
    ),
    AWS_ACCESS_KEY_ID="hub",
    AWS_SECRET_ACCESS_KEY="hub",
    AWS_DEFAULT_REGION="us-east-1",
    AWS_EC2_METADATA_DISABLED="true",
    AWS_MAX_ATTEMPTS="1",
    AWS_STS_REGIONAL_ENDPOINTS="regional",
)


def copy_dags(folder: Path, content: str | None) -> Path:
    """Make `folder` a DAG folder with `content` as its topology.json, or without one."""
    shutil.copytree(DAGS, folder, ignore=shutil.ignore_patterns("__pycache__", "topology.json"))
    if content is not None:
        (folder / "topology.json").write_text(content, encoding="utf-8")
    return folder


copy_dags(DAG_FOLDER, json.dumps(topology()))
sys.path.insert(0, str(DAG_FOLDER))


def spare_what_each_task_repeats() -> None:
    """Each task has sessions of its own, which would read AWS's large models again.

    Its hooks look for their caller in the stack, with the lines of source around each call.
    """
    session.create_loader = functools.cache(loaders.create_loader)
    inspect.stack = functools.partial(inspect.stack, 0)


def pytest_configure(config: pytest.Config) -> None:
    """Airflow's own warnings are ignored; those of our files are errors."""
    spare_what_each_task_repeats()
    config.addinivalue_line("filterwarnings", "ignore")
    config.addinivalue_line("filterwarnings", "error:::cross_account")


def pytest_unconfigure() -> None:
    shutil.rmtree(HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def dag_bag() -> DagBag:
    """Everything that Airflow finds in the DAG folder."""
    from tests.dags.dag_bag import load_bag

    return load_bag(DAG_FOLDER)


@pytest.fixture(scope="session")
def aws_server() -> Iterator[Server]:
    """One address for the whole session: Airflow keeps its Secrets Manager client."""
    server = Server()
    with running(server) as address:
        os.environ["AWS_ENDPOINT_URL"] = address
        yield server


@pytest.fixture
def aws(aws_server: Server) -> FakeAws:
    """A fresh stand-in for AWS with the role and connection of each pipeline and access."""
    fake = FakeAws()
    for name, entry in reached().items():
        fake.trusts[entry["cross_account_role_arn"]] = EXTERNAL_ID.format(name=name)
        fake.secrets[f"{SECRETS}/{entry['connection_id']}"] = json.dumps(connection(name))
    aws_server.aws = fake
    return fake
