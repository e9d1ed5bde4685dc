"""The schedule by which the connections' ExternalIds rotate, and the rings they are taken from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.connections.airflow_connection import AirflowConnection
from components.hub.mwaa_hub import MwaaHub
from components.pipeline.connected_role import ConnectedRole
from components.pipeline.site import PipelineSite
from components.rotation.names import ring_secret_name
from components.rotation.rotation_function import RotationFunction, RotationFunctionArgs


@dataclass(frozen=True, kw_only=True)
class ExternalIdRotationArgs:
    """`connections` and the roles that they lead to are by the same names; `site` is the hub."""

    site: PipelineSite
    hub: MwaaHub
    connections: Mapping[str, AirflowConnection]
    roles: Mapping[str, ConnectedRole]
    days: int


class ExternalIdRotation(pulumi.ComponentResource):
    """A function for all connections; for each, a secret with its ring, and a schedule."""

    role_name: pulumi.Output[str]
    """The name of the function's role, which has to be allowed to assume the roles."""

    def __init__(
        self, name: str, args: ExternalIdRotationArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:ExternalIdRotation", name, None, opts)
        self._name = name
        self._args = args
        network = args.hub.network
        self._function = RotationFunction(
            f"{name}-function",
            RotationFunctionArgs(
                site=args.site,
                key_arn=args.hub.key_arn,
                network=network if network.private is not None else None,
            ),
            pulumi.ResourceOptions(parent=self),
        )
        self.role_name = self._function.role_name
        self.register_outputs({"role_name": self.role_name})

    def schedule(self, after: Mapping[str, pulumi.Resource]) -> None:
        """Rotate each connection from now on; `after` lets the function assume the role of each."""
        for each, connection in self._args.connections.items():
            aws.secretsmanager.SecretRotation(
                f"{self._name}-{each}",
                secret_id=connection.secret_id,
                rotation_lambda_arn=self._function.arn,
                # A deployment isn't a rotation: Secrets Manager only tests the function then.
                rotate_immediately=False,
                rotation_rules=aws.secretsmanager.SecretRotationRotationRulesArgs(
                    automatically_after_days=self._args.days
                ),
                opts=pulumi.ResourceOptions(
                    parent=self,
                    depends_on=[
                        self._function.callable_by_service,
                        connection.value,
                        self._store_ring(each),
                        after[each],
                    ],
                ),
            )

    def _store_ring(self, owner: str) -> aws.secretsmanager.SecretVersion:
        """Keep the ExternalIds that a role trusts where the function finds them."""
        args = self._args
        secret = aws.secretsmanager.Secret(
            f"{self._name}-{owner}-ring",
            name=ring_secret_name(args.site.settings.names.environment(), owner),
            description=f"ExternalIds that the role of {owner} trusts",
            kms_key_id=args.hub.key_arn,
            # As a connection's, its value is computed.
            recovery_window_in_days=0,
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
        ring = {
            "first": args.connections[owner].rotations,
            "external_ids": args.roles[owner].external_ids,
        }
        return aws.secretsmanager.SecretVersion(
            f"{self._name}-{owner}-ring-value",
            secret_id=secret.id,
            secret_string=pulumi.Output.json_dumps(ring),
            opts=pulumi.ResourceOptions(parent=self, retain_on_delete=True),
        )
