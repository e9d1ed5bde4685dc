"""A stack that is reached: its outputs, its Airflow, and clients as the operator roles."""

from __future__ import annotations

import shlex
from functools import cached_property
from pathlib import Path
from typing import Any

from dags.cross_account.dag_ids import data_processing_dag_id, machine_learning_dag_id
from operate.airflow_api import AirflowApi
from operate.errors import UsageError
from operate.outputs import DataPipeline, MlPipeline, Target, read_target
from operate.sessions import Sessions


class Connection:
    """What every command begins with; `options` are those that name the stack, as typed."""

    def __init__(self, target: Target, options: str = "") -> None:
        self._options = options
        self.stack = target.outputs
        self.task_logs = target.task_logs
        self.airflow_url = target.airflow_url
        self._sessions = Sessions(target)

    def command(self, arguments: str) -> str:
        """A command for the same stack, for the user to copy."""
        return f"`python -m operate {arguments}{self._options}`"

    @cached_property
    def airflow(self) -> AirflowApi:
        """The stack's Airflow."""
        return AirflowApi(self.in_hub("mwaa"), self.stack.environment_name)

    def in_hub(self, service: str) -> Any:
        """A client in the hub's account and Region."""
        return self._sessions.client(service, self.stack.hub_account_id, self.stack.hub_region)

    def in_pipeline(self, service: str, pipeline: DataPipeline | MlPipeline) -> Any:
        """A client in a pipeline's account and Region."""
        return self.in_account(service, pipeline.account_id, pipeline.region)

    def in_account(self, service: str, account_id: str, region: str) -> Any:
        """A client in one of the stack's accounts, in any Region."""
        return self._sessions.client(service, account_id, region)

    def dag_ids(self) -> dict[str, str]:
        """The DAG of each pipeline, the data pipelines first."""
        data = {name: data_processing_dag_id(name) for name in self.stack.data_pipelines}
        ml = {name: machine_learning_dag_id(name) for name in self.stack.ml_pipelines}
        return {**data, **ml}

    def dag_id(self, pipeline: str) -> str:
        """The DAG of a pipeline of either kind."""
        known = self.dag_ids()
        if pipeline not in known:
            raise UsageError(
                f"no pipeline {pipeline!r} in the stack; expected one of: {', '.join(known)}"
            )
        return known[pipeline]

    def data_pipeline_of(self, pipeline: str) -> str:
        """The data pipeline that a pipeline is or trains on, the first if it has several."""
        self.dag_id(pipeline)
        ml = self.stack.ml_pipelines.get(pipeline)
        return pipeline if ml is None else ml.data_pipelines[0]


def connect(stack: str | None, outputs: Path | None, *, local: bool) -> Connection:
    """The connection to the stack that the options name."""
    given = {"--stack": stack, "--outputs": outputs}
    named = [f" {name} {shlex.quote(str(value))}" for name, value in given.items() if value]
    options = "".join([*named, " --local" if local else ""])
    return Connection(read_target(stack, outputs, local=local), options)
