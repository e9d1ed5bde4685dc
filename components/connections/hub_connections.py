"""What ties the hub to pipelines and accesses: connections, permission to use them, DAG files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_aws as aws

from components.aws.arns import role_arn
from components.aws.naming import HUB_OWNER, POLICY_NAME_LIMIT, Names
from components.connections.airflow_connection import AirflowConnection, AirflowConnectionArgs
from components.connections.assume_role_policies import assume_role_policies
from components.connections.dag_files import DagFiles, DagFilesArgs
from components.connections.dag_topology import dag_topology
from components.hub.mwaa_hub import MwaaHub
from components.pipeline.connected_pipeline import ConnectedPipeline
from components.pipeline.connected_role import ConnectedRole
from components.pipeline.connection_names import connection_id, connection_secret_name


@dataclass(frozen=True, kw_only=True)
class HubConnectionsArgs:
    """All pipelines and accesses of the hub by name; `dags_directory` holds the DAG files.

    The DAGs write their runs' metrics in the hub's `region`, and tell the topic `topic_arn` of
    failed runs.
    """

    names: Names
    hub: MwaaHub
    data_pipelines: Mapping[str, ConnectedPipeline]
    ml_pipelines: Mapping[str, ConnectedPipeline]
    access: Mapping[str, ConnectedRole]
    dags_directory: Path
    region: str
    topic_arn: str | None


class HubConnections(pulumi.ComponentResource):
    """A connection for each of them, permission to assume exactly their roles, and the DAG files.

    Deploy it with the hub's provider. The environment doesn't wait for any of this: Airflow asks
    for a connection when a task starts.
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
        self._reached = {**args.data_pipelines, **args.ml_pipelines, **args.access}
        self._allow_roles()
        for each in sorted(self._reached):
            self._connect(each)
        DagFiles(
            f"{name}-dags",
            DagFilesArgs(
                bucket_name=args.hub.dag_bucket_name,
                bucket_ready=args.hub.dag_bucket_ready,
                directory=args.dags_directory,
                topology=dag_topology(
                    args.data_pipelines, args.ml_pipelines, args.access, self._hub()
                ),
            ),
            pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})

    def _hub(self) -> Mapping[str, str | None]:
        args = self._args
        return {
            "stack": args.names.prefix,
            "region": args.region,
            "notification_topic_arn": args.topic_arn,
        }

    def _allow_roles(self) -> None:
        """Let the execution role assume the roles of these, and no other role."""
        args = self._args
        roles = {
            name: role_arn(each.region, each.account_id, each.cross_account_role_name)
            for name, each in self._reached.items()
        }
        for number, document in assume_role_policies(roles).items():
            policy = aws.iam.Policy(
                f"{self._name}-assume-{number}",
                name=args.names.of(HUB_OWNER, f"assume-{number}", limit=POLICY_NAME_LIMIT),
                description="Roles of pipelines that Airflow's tasks may work as",
                policy=document,
                opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
            )
            aws.iam.RolePolicyAttachment(
                f"{self._name}-assume-{number}-attachment",
                role=args.hub.execution_role_name,
                policy_arn=policy.arn,
                opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
            )

    def _connect(self, name: str) -> None:
        reached = self._reached[name]
        AirflowConnection(
            f"{self._name}-{name}",
            AirflowConnectionArgs(
                secret_name=connection_secret_name(self._args.names.environment(), name),
                description=f"Airflow connection {connection_id(name)}",
                key_arn=self._args.hub.key_arn,
                role_arn=reached.cross_account_role_arn,
                region=reached.region,
                external_id=reached.external_id,
            ),
            pulumi.ResourceOptions(parent=self),
        )
