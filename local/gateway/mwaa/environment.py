"""One MWAA environment: a real Airflow in four processes, and its DAG folder."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from local.gateway.mwaa import airflow, preparation, rest_api
from local.gateway.mwaa.status_events import change_status
from local.gateway.processes import ClosingError

if TYPE_CHECKING:
    from pathlib import Path

    from local.gateway.mwaa.dag_folder import DagFolder
    from local.gateway.processes import Child, Children
    from local.gateway.settings import Settings

_logger = logging.getLogger(__name__)

_START_LIMIT_SECONDS = 180
_SYNCHRONIZE_SECONDS = 3.0
"""From one synchronization of the DAG folder to the next; MWAA takes about half a minute."""

_RESTART_SECONDS = 1.0
"""From the end of a component to its restart."""

_POLL_SECONDS = 0.5


class StartError(Exception):
    """The environment can't start; the message is the reason in its LastUpdate."""


@dataclass(kw_only=True)
class Environment:
    """An environment; `record` is what GetEnvironment returns."""

    record: dict[str, Any]
    settings: Settings
    children: Children
    fernet_key: str = field(default_factory=airflow.new_fernet_key)
    """What Airflow encrypts its database with, which an update keeps."""

    ending: threading.Event = field(default_factory=threading.Event)
    components: dict[str, Child] = field(default_factory=dict)
    thread: threading.Thread | None = None

    @property
    def folder_name(self) -> str:
        """The environment's folder below the working directory."""
        parts = self.record["Arn"].split(":")
        return f"airflow/{parts[4]}-{parts[3]}-{self.record['Name']}"

    @property
    def home(self) -> Path:
        """AIRFLOW_HOME."""
        return self.settings.folder(self.folder_name)

    def start(self) -> None:
        """Start Airflow in the background; the record's Status shows the progress."""
        change_status(self.record, self.record["Status"])
        self.thread = threading.Thread(target=self._run, name=self.folder_name, daemon=True)
        self.thread.start()

    def end(self) -> None:
        """End every process, and wait until they have ended."""
        self.ending.set()
        if self.thread is not None:
            self.thread.join()

    def _run(self) -> None:
        components: dict[str, Child] = self.components
        try:
            variables, folder = self._preparation().run()
            for name in airflow.COMPONENTS:
                components[name] = self._component(name, variables)
            self._await_health(folder)
            change_status(self.record, "AVAILABLE", LastUpdate={"Status": "SUCCESS"})
            _logger.info("environment %s is available", self.record["Name"])
            self._supervise(variables, folder)
        except ClosingError:
            return
        except (StartError, *preparation.ERRORS) as error:
            self._fail(str(error))
        except Exception as error:
            _logger.exception("environment %s", self.record["Name"])
            self._fail(f"The local run could not start it: {error!r}")
        finally:
            self.children.stop(*components.values())
            components.clear()

    def _fail(self, message: str) -> None:
        if self.ending.is_set() or self.children.closing:
            return
        status = "CREATE_FAILED" if self.record["Status"] == "CREATING" else "UNAVAILABLE"
        error = {"ErrorCode": "INCORRECT_CONFIGURATION", "ErrorMessage": message[-1000:]}
        change_status(self.record, status, LastUpdate={"Status": "FAILED", "Error": error})
        _logger.error("environment %s: %s: %s", self.record["Name"], status, message)

    def _preparation(self) -> preparation.Preparation:
        return preparation.Preparation(
            record=self.record,
            folder_name=self.folder_name,
            fernet_key=self.fernet_key,
            settings=self.settings,
            children=self.children,
        )

    def _component(self, name: str, variables: dict[str, str]) -> Child:
        port = int(self.record["WebserverUrl"].rpartition(":")[2])
        return self.children.start(
            f"{self.folder_name}/{name}",
            airflow.command(self.record["AirflowVersion"], name, port),
            environment=variables,
            folder=self.home,
            log=self.settings.folder(f"{self.folder_name}/logs") / f"{name}.log",
        )

    def _await_health(self, folder: DagFolder) -> None:
        """Wait until every component is healthy; the DAG folder is synchronized meanwhile."""
        deadline = time.monotonic() + _START_LIMIT_SECONDS
        while not rest_api.healthy(self.record["WebserverUrl"]):
            for name, child in self.components.items():
                if not child.running():
                    message = f"{name} ended while starting: {self._end_of_log(name)}"
                    raise StartError(message)
            if time.monotonic() > deadline:
                message = f"Airflow wasn't healthy after {_START_LIMIT_SECONDS} seconds."
                raise StartError(message)
            self._synchronize(folder)
            if self.ending.wait(_POLL_SECONDS):
                message = "The environment was deleted while it started."
                raise StartError(message)

    def _end_of_log(self, component: str) -> str:
        log = self.home / "logs" / f"{component}.log"
        return log.read_text(encoding="utf-8", errors="replace").strip()[-500:]

    def _supervise(self, variables: dict[str, str], folder: DagFolder) -> None:
        """Until the end: restart components that ended, synchronize the DAG folder."""
        synchronized = time.monotonic()
        while not self.ending.wait(_POLL_SECONDS) and not self.children.closing:
            for name, child in list(self.components.items()):
                if not child.running():
                    self._restart(name, child, variables)
            if time.monotonic() - synchronized >= _SYNCHRONIZE_SECONDS:
                self._synchronize(folder)
                synchronized = time.monotonic()

    def _restart(self, name: str, dead: Child, variables: dict[str, str]) -> None:
        _logger.warning(
            "%s of environment %s ended with %s; restarting it",
            name,
            self.record["Name"],
            dead.process.returncode,
        )
        # The tasks that it ran end with it, as on MWAA, where they share a container.
        self.children.stop(dead)
        if not self.ending.wait(_RESTART_SECONDS):
            self.components[name] = self._component(name, variables)

    def _synchronize(self, folder: DagFolder) -> None:
        try:
            folder.synchronize()
        except (BotoCoreError, ClientError) as error:
            _logger.warning("DAG folder of environment %s: %s", self.record["Name"], error)
