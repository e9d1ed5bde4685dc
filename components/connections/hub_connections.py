"""What ties the hub to pipelines and accesses: connections, permission to use them, DAG files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_aws as aws

from components.aws.arns import role_arn
from components.aws.naming import POLICY_NAME_LIMIT
from components.connections.airflow_connection import AirflowConnection, AirflowConnectionArgs
from components.connections.assume_role_policies import assume_role_policies, shard_of
from components.connections.dag_files import DagFiles, DagFilesArgs
from components.connections.dag_topology import dag_topology
from components.connections.external_id_rotation import ExternalIdRotation, ExternalIdRotationArgs
from components.hub.mwaa_hub import MwaaHub
from components.pipeline.connected_pipeline import ConnectedPipeline
from components.pipeline.connected_role import ConnectedRole
from components.pipeline.connection_names import connection_id, connection_secret_name
from components.pipeline.site import PipelineSite


@dataclass(frozen=True, kw_only=True)
class HubConnectionsArgs:
    """`site` is the hub; `reached` names all pipelines and accesses that have a connection.

    The ExternalIds rotate every `rotation_days`. `dags_directory` holds the DAG files. The DAGs
    write their runs' metrics in the hub's Region, and tell the topic `topic_arn` of failed runs.
    """

    site: PipelineSite
    hub: MwaaHub
    reached: Iterable[str]
    rotation_days: int
    dags_directory: Path
    topic_arn: str | None


class HubConnections(pulumi.ComponentResource):
    """A connection for each of them, permission to assume exactly their roles, and the DAG files.

    The connections' secrets come first, as the roles' trusts follow from how often they were
    rotated; the rest comes by `connect`. Deploy it with the hub's provider. The environment doesn't
    wait for any of this: Airflow asks for a connection when a task starts.
    """

    rotations: Mapping[str, pulumi.Output[int]]
    """How often the ExternalId of each was rotated, by its name."""

    def __init__(
        self,
        name: str,
        args: HubConnectionsArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("unified-pipelines:index:HubConnections", name, None, opts)
        self._name = name
        self._args = args
        self._connections = {each: self._connection(each) for each in sorted(args.reached)}
        self.rotations = {name: each.rotations for name, each in self._connections.items()}
        self.register_outputs({})

    def connect(
        self,
        data_pipelines: Mapping[str, ConnectedPipeline],
        ml_pipelines: Mapping[str, ConnectedPipeline],
        access: Mapping[str, ConnectedRole],
    ) -> None:
        """Lead the connections to these, which are all that were named before."""
        args = self._args
        roles = {**data_pipelines, **ml_pipelines, **access}
        for name, connection in self._connections.items():
            connection.lead_to(roles[name])
        rotation = ExternalIdRotation(
            f"{self._name}-rotation",
            ExternalIdRotationArgs(
                site=args.site,
                hub=args.hub,
                connections=self._connections,
                roles=roles,
                days=args.rotation_days,
            ),
            pulumi.ResourceOptions(parent=self),
        )
        allowed = self._allow_roles(roles, rotation.role_name)
        rotation.schedule(after={name: allowed[shard_of(name)] for name in roles})
        DagFiles(
            f"{self._name}-dags",
            DagFilesArgs(
                bucket_name=args.hub.dag_bucket_name,
                bucket_ready=args.hub.dag_bucket_ready,
                directory=args.dags_directory,
                topology=dag_topology(data_pipelines, ml_pipelines, access, self._hub()),
            ),
            pulumi.ResourceOptions(parent=self),
        )

    def _connection(self, name: str) -> AirflowConnection:
        args = self._args
        return AirflowConnection(
            f"{self._name}-{name}",
            AirflowConnectionArgs(
                secret_name=connection_secret_name(args.site.settings.names.environment(), name),
                description=f"Airflow connection {connection_id(name)}",
                key_arn=args.hub.key_arn,
            ),
            pulumi.ResourceOptions(parent=self),
        )

    def _hub(self) -> Mapping[str, str | None]:
        args = self._args
        return {
            "stack": args.site.settings.names.prefix,
            "region": args.site.region,
            "notification_topic_arn": args.topic_arn,
        }

    def _allow_roles(
        self, reached: Mapping[str, ConnectedRole], rotation_role: pulumi.Output[str]
    ) -> dict[int, pulumi.Resource]:
        """Let Airflow and the rotation assume the roles of these, and no other role.

        Returns what the rotation needs of it, by the policies' numbers.
        """
        args = self._args
        roles = {
            name: role_arn(each.region, each.account_id, each.cross_account_role_name)
            for name, each in reached.items()
        }
        allowed: dict[int, pulumi.Resource] = {}
        for number, document in assume_role_policies(roles).items():
            policy = aws.iam.Policy(
                f"{self._name}-assume-{number}",
                name=args.site.name_of(f"assume-{number}", limit=POLICY_NAME_LIMIT),
                description="Roles of pipelines that Airflow's tasks may work as",
                policy=document,
                opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
            )
            self._attach(f"assume-{number}-attachment", args.hub.execution_role_name, policy)
            allowed[number] = self._attach(f"assume-{number}-rotation", rotation_role, policy)
        return allowed

    def _attach(
        self, name: str, role: pulumi.Input[str], policy: aws.iam.Policy
    ) -> aws.iam.RolePolicyAttachment:
        return aws.iam.RolePolicyAttachment(
            f"{self._name}-{name}",
            role=role,
            policy_arn=policy.arn,
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
