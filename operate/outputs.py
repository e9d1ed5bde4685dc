"""What the commands know of a stack: its outputs, from Pulumi or from a file."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from dags.cross_account.dag_ids import triggered_run_id
from operate.errors import OperateError, UsageError

CHECKOUT = Path(__file__).resolve().parents[1]

LOCAL_SUMMARY = CHECKOUT / ".local" / "run" / "result" / "summary.json"
"""What `make local` writes; its `outputs` are those that Pulumi would show."""

_Pipeline = TypeVar("_Pipeline")


class _Outputs(BaseModel):
    model_config = ConfigDict(frozen=True)


class DataPipeline(_Outputs):
    """What a stack says of a data pipeline."""

    account_id: str
    region: str
    source_bucket_name: str
    raw_key: str
    timezone: str
    label_column: str
    on_upload: str | None = None
    glue_job_name: str
    takes_sample: bool = True
    """Whether its raw files are written like the sample."""

    batch_replication_role_arn: str | None = None
    """What S3 Batch Replication works as; None where no ML pipeline trains on it."""


class MlPipeline(_Outputs):
    """What a stack says of an ML pipeline, which trains on `source` or on `sources` together."""

    account_id: str
    region: str
    source: str | None = None
    sources: tuple[str, ...] = ()
    destination_bucket_name: str
    training_job_name_prefix: str
    tunes: bool = False
    """Whether its training jobs are those of tuning jobs."""

    @property
    def data_pipelines(self) -> tuple[str, ...]:
        """The data pipelines that it trains on."""
        return self.sources if self.source is None else (self.source,)

    def triggered_by(self, source: str, run: str) -> str:
        """The id of the DAG run that a run of a data pipeline triggers."""
        return triggered_run_id(run, source, is_one_of_several=bool(self.sources))


class Access(_Outputs):
    """What a stack says of an access: the account and Region of its role."""

    account_id: str
    region: str


class Uploads(_Outputs):
    """The queues of uploads whose runs aren't started yet, and of those that are given up."""

    queue_url: str
    dead_letter_queue_url: str


class Backup(_Outputs):
    """Where the backups of Airflow's metadata are, and the function that makes them."""

    bucket_name: str
    region: str
    function_name: str


class Stack(_Outputs):
    """A deployed stack."""

    environment_name: str
    airflow_webserver_url: str
    hub_account_id: str
    hub_region: str
    operator_role_arns: dict[str, str]
    data_pipelines: dict[str, DataPipeline]
    ml_pipelines: dict[str, MlPipeline]
    access: dict[str, Access] = {}
    alarm_name_prefix: str
    tags: dict[str, str] | None = None
    """Those of every resource; None for a stack that an earlier version deployed."""

    uploads: Uploads | None = None
    backup: Backup | None = None

    @property
    def prefix(self) -> str:
        """What the names of the stack's roles and policies begin with."""
        return self.alarm_name_prefix.removesuffix("hub-")

    @property
    def regions(self) -> dict[str, set[str]]:
        """The Regions in use of each account."""
        found: dict[str, set[str]] = {self.hub_account_id: {self.hub_region}}
        parts: list[DataPipeline | MlPipeline | Access] = [*self.data_pipelines.values()]
        parts += [*self.ml_pipelines.values(), *self.access.values()]
        for part in parts:
            found.setdefault(part.account_id, set()).add(part.region)
        if self.backup is not None:
            found[self.hub_account_id].add(self.backup.region)
        return found

    def data_pipeline(self, name: str) -> DataPipeline:
        """The data pipeline of that name."""
        return _named(self.data_pipelines, name, "data pipeline")

    def ml_pipeline(self, name: str) -> MlPipeline:
        """The ML pipeline of that name."""
        return _named(self.ml_pipelines, name, "ML pipeline")

    def ml_pipelines_of(self, data_pipeline: str) -> dict[str, MlPipeline]:
        """The ML pipelines that train on a data pipeline."""
        return {
            name: each
            for name, each in self.ml_pipelines.items()
            if data_pipeline in each.data_pipelines
        }


class Target(_Outputs):
    """A stack, and where it is: on AWS, unless a local run's summary says otherwise."""

    outputs: Stack
    endpoint: str | None = None
    task_logs: Path | None = None
    """The folder of the tasks' logs, which a local run doesn't write to CloudWatch Logs."""

    @property
    def airflow_url(self) -> str:
        """Airflow's page; without TLS in a local run."""
        scheme = "http" if self.endpoint else "https"
        return f"{scheme}://{self.outputs.airflow_webserver_url}"


def read_target(stack: str | None, outputs: Path | None, *, local: bool) -> Target:
    """The stack that the options name."""
    if sum([stack is not None, outputs is not None, local]) > 1:
        raise UsageError("--stack, --outputs and --local name a stack each: give one of them")
    if local or outputs is not None:
        file = outputs or LOCAL_SUMMARY
        return _target(_read(file, local=local), str(file))
    return _target(_ask_pulumi(stack), f"`pulumi stack output` of {stack or 'the selected stack'}")


def _target(content: Any, where: str) -> Target:
    if isinstance(content, dict) and "outputs" not in content:
        content = {"outputs": content}
    try:
        return Target.model_validate(content)
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()[:3]
        )
        raise OperateError(
            f"{where} lacks what the commands need ({wrong}): deploy the stack with this "
            "version of the program first"
        ) from error


def _read(file: Path, *, local: bool) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        todo = "; call `make local KEEP=1` first" if local else ""
        raise UsageError(f"{file} can't be read as JSON: {error}{todo}") from error


def _ask_pulumi(stack: str | None) -> Any:
    command = ["pulumi", "stack", "output", "--json", *(["--stack", stack] if stack else [])]
    try:
        done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True)  # noqa: S603 (a fixed program)
    except FileNotFoundError as error:
        raise OperateError(
            "the Pulumi CLI isn't installed: install it, or give --outputs or --local"
        ) from error
    except subprocess.CalledProcessError as error:
        raise OperateError(f"{' '.join(command)}: {error.stderr.strip()}") from error
    return json.loads(done.stdout)


def _named(pipelines: dict[str, _Pipeline], name: str, kind: str) -> _Pipeline:
    if name in pipelines:
        return pipelines[name]
    raise UsageError(f"no {kind} {name!r} in the stack; expected one of: {', '.join(pipelines)}")
