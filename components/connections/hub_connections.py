"""What ties the hub to its pipelines: connections, the right to use them, and the DAGs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws

from components.aws.naming import (
    CROSS_ACCOUNT_ROLE,
    HUB_OWNER,
    POLICY_NAME_LIMIT,
    connection_id,
    connection_secret_name,
    role_arn,
)
from components.connections.airflow_connection import AirflowConnection, AirflowConnectionArgs
from components.connections.dag_files import DagFiles, DagFilesArgs
from components.data_pipeline.regional_data_pipeline import RegionalDataPipeline
from components.hub.execution_policy import assume_role_policies
from components.hub.settings import dag_topology
from components.ml_pipeline.regional_ml_pipeline import RegionalMlPipeline
from components.pipeline.settings import PipelineSettings

Pipeline = RegionalDataPipeline | RegionalMlPipeline


@dataclass(frozen=True, kw_only=True)
class HubConnectionsArgs:
    """All pipelines of the hub by name; `dags_directory` holds the DAG files."""

    settings: PipelineSettings
    data_pipelines: Mapping[str, RegionalDataPipeline]
    ml_pipelines: Mapping[str, RegionalMlPipeline]
    execution_role_name: pulumi.Input[str]
    key_arn: pulumi.Input[str]
    dag_bucket_name: pulumi.Input[str]
    dag_bucket_ready: Sequence[pulumi.Resource]
    dags_directory: Path


class HubConnections(pulumi.ComponentResource):
    """A connection per pipeline, the right to assume exactly their roles, and the DAG files.

    The environment doesn't wait for any of this: Airflow asks for a connection when a task starts.
    """

    def __init__(
        self,
        name: str,
        args: HubConnectionsArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("unified-pipelines:index:HubConnections", name, None, opts)
        self._name = name
        self._args = args
        self._pipelines: dict[str, Pipeline] = {**args.data_pipelines, **args.ml_pipelines}
        self._allow_roles()
        for pipeline in sorted(self._pipelines):
            self._connect(pipeline)
        DagFiles(
            f"{name}-dags",
            DagFilesArgs(
                bucket_name=args.dag_bucket_name,
                directory=args.dags_directory,
                topology=self._dag_topology(),
                bucket_ready=args.dag_bucket_ready,
            ),
            pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})

    def _allow_roles(self) -> None:
        """Let the execution role assume the pipelines' roles, and nobody else's."""
        args = self._args
        roles = {
            pipeline: role_arn(
                component.region,
                component.account_id,
                args.settings.names.role(pipeline, CROSS_ACCOUNT_ROLE),
            )
            for pipeline, component in self._pipelines.items()
        }
        for number, document in assume_role_policies(roles).items():
            policy = aws.iam.Policy(
                f"{self._name}-assume-{number}",
                name=args.settings.names.of(HUB_OWNER, f"assume-{number}", limit=POLICY_NAME_LIMIT),
                description="Roles of pipelines that Airflow's tasks may work as",
                policy=document,
                opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
            )
            aws.iam.RolePolicyAttachment(
                f"{self._name}-assume-{number}-attachment",
                role=args.execution_role_name,
                policy_arn=policy.arn,
                opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
            )

    def _connect(self, pipeline: str) -> None:
        args = self._args
        component = self._pipelines[pipeline]
        AirflowConnection(
            f"{self._name}-{pipeline}",
            AirflowConnectionArgs(
                secret_name=connection_secret_name(args.settings.names.environment(), pipeline),
                description=f"Airflow connection {connection_id(pipeline)}",
                key_arn=args.key_arn,
                role_arn=component.cross_account_role_arn,
                region=component.region,
                external_id=component.external_id,
            ),
            pulumi.ResourceOptions(parent=self),
        )

    def _dag_topology(self) -> pulumi.Output[str]:
        topology = dag_topology(
            {name: self._data_entry(name) for name in self._args.data_pipelines},
            {name: self._ml_entry(name) for name in self._args.ml_pipelines},
        )
        return pulumi.Output.json_dumps(topology, sort_keys=True, indent=2)

    def _data_entry(self, name: str) -> dict[str, Any]:
        component = self._args.data_pipelines[name]
        learners = sorted(
            learner for learner, ml in self._args.ml_pipelines.items() if ml.source == name
        )
        return {
            **_shared_entry(name, component),
            "raw_key": component.raw_key,
            "glue_job_name": component.glue_job_name,
            "glue_timeout_minutes": component.glue_timeout_minutes,
            "glue_max_concurrent_runs": component.glue_max_concurrent_runs,
            "ml_pipelines": learners,
        }

    def _ml_entry(self, name: str) -> dict[str, Any]:
        component = self._args.ml_pipelines[name]
        return {
            **_shared_entry(name, component),
            "source": component.source,
            "training_config_key": component.training_config_key,
            "training_job_name_prefix": component.training_job_name_prefix,
            "max_runtime_seconds": component.max_runtime_seconds,
            "cleanup_function_name": component.cleanup_function_name,
            "cleanup_timeout_seconds": component.cleanup_timeout_seconds,
        }


def _shared_entry(name: str, component: Pipeline) -> dict[str, Any]:
    """What the DAGs know of any pipeline."""
    return {
        "connection_id": connection_id(name),
        "account_id": component.account_id,
        "region": component.region,
        "role_arn": component.cross_account_role_arn,
        "bucket": component.bucket_name,
    }
