"""What an environment needs before Airflow starts: its role's session, files, variables, database.

Each of them can fail: the error's message becomes the reason in the environment's LastUpdate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from local.free_port import free_port
from local.gateway import environment_variables
from local.gateway.mwaa import airflow, airflow_database, dag_folder, plugins, startup_script
from local.gateway.settings import HOST
from local.gateway.sts.service_sessions import (
    Caller,
    CannotAssumeRoleError,
    ServiceSession,
    assume,
)

if TYPE_CHECKING:
    from pathlib import Path

    from local.gateway.processes import Children
    from local.gateway.settings import Settings

_SERVICES = ("airflow.amazonaws.com", "airflow-env.amazonaws.com")
"""On AWS both assume the execution role; with a role that trusts one of them, MWAA fails."""


class NotInstalledError(Exception):
    """The version of Airflow isn't installed on this machine."""


ERRORS = (
    NotInstalledError,
    CannotAssumeRoleError,
    ClientError,
    airflow_database.MigrationError,
    plugins.PluginsError,
    startup_script.StartupScriptError,
)


@dataclass(frozen=True, kw_only=True)
class Preparation:
    """The preparation of one environment, whose `record` is what GetEnvironment returns."""

    record: dict[str, Any]
    folder_name: str
    fernet_key: str
    settings: Settings
    children: Children

    def run(self) -> tuple[dict[str, str], dag_folder.DagFolder]:
        """The environment variables for Airflow, and the DAG folder; raises one of `ERRORS`."""
        version = self.record["AirflowVersion"]
        if not airflow.python(version).exists():
            message = (
                f"Airflow {version} isn't installed on this machine: "
                f"{airflow.python(version)} doesn't exist. "
                f"`python local/bootstrap.py install --airflow {version}` installs it."
            )
            raise NotInstalledError(message)
        session = self._session()
        s3 = session.client("s3", self.settings)
        bucket = self.record["SourceBucketArn"].rpartition(":")[2]
        home = self.settings.folder(self.folder_name)
        folder = dag_folder.DagFolder(s3, bucket, self.record["DagS3Path"], home / "dags")
        folder.synchronize()
        if key := self.record.get("PluginsS3Path"):
            version_id = self.record.get("PluginsS3ObjectVersion")
            plugins.unpack(s3, bucket, key, version_id, home / "plugins")
        # With an empty file Airflow doesn't write one with its own keys.
        (home / "airflow.cfg").touch()
        database = airflow_database.Database(
            home=home,
            fernet_key=self.fernet_key,
            settings=self.settings,
            children=self.children,
        ).prepare(version)
        return self._variables(session, s3, bucket, database), folder

    def _session(self) -> ServiceSession:
        arn = self.record["Arn"]
        region, account_id = arn.split(":")[3:5]
        sessions = [
            assume(
                self.record["ExecutionRoleArn"],
                Caller(service=service, source_arn=arn, account_id=account_id, region=region),
                "AmazonMWAA-airflow",
            )
            for service in _SERVICES
        ]
        return sessions[0]

    def _variables(
        self, session: ServiceSession, s3: Any, bucket: str, database: Path
    ) -> dict[str, str]:
        port = free_port(HOST)
        self.record["WebserverUrl"] = f"{HOST}:{port}"
        version = self.record["AirflowVersion"]
        own = environment_variables.of_child(self.folder_name, self.settings)
        own["PATH"] = f"{airflow.python(version).parent}:{own['PATH']}"
        options = airflow.from_options(self.record.get("AirflowConfigurationOptions", {}))
        forced = session.variables(self.settings) | airflow.forced(
            database.parent, port, database, self.fernet_key
        )
        variables = own | airflow.suggested() | options | forced
        key = self.record.get("StartupScriptS3Path")
        if key is None:
            return variables
        script = self.settings.folder(f"{self.folder_name}/startup") / "startup.sh"
        dag_folder.fetch(s3, bucket, key, self.record.get("StartupScriptS3ObjectVersion"), script)
        return variables | startup_script.exported(script, variables, self.children) | forced
