"""One Airflow connection, kept where Airflow's Secrets Manager backend looks for it."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.pipeline.connected_role import ConnectedRole
from components.pipeline.external_ids import rotations_of

RETRIES = {"mode": "standard", "max_attempts": 10}
"""Attempts of each call: about a minute. A wait for a job fails once a call fails them all."""


@dataclass(frozen=True, kw_only=True)
class AirflowConnectionArgs:
    """`secret_name` is where Airflow looks for the connection, `key_arn` encrypts it."""

    secret_name: str
    description: str
    key_arn: pulumi.Input[str]


class AirflowConnection(pulumi.ComponentResource):
    """A connection of type `aws` through which Airflow works as a pipeline's role.

    Its secret comes before the role, whose trust follows from how often the secret was rotated; its
    value comes after the role, by `lead_to`.
    """

    secret_id: pulumi.Output[str]
    """The secret's ARN, once it is there."""

    rotations: pulumi.Output[int]
    """How often the ExternalId was rotated, read from AWS: 0 for a new secret."""

    value: aws.secretsmanager.SecretVersion
    """The connection itself; there after `lead_to`."""

    def __init__(
        self,
        name: str,
        args: AirflowConnectionArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("unified-pipelines:index:AirflowConnection", name, None, opts)
        self._name = name
        secret = aws.secretsmanager.Secret(
            f"{name}-secret",
            name=args.secret_name,
            description=args.description,
            kms_key_id=args.key_arn,
            # Deleted at once, so that its name is free again. Its value is computed, and worthless
            # without the role that it belongs to.
            recovery_window_in_days=0,
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
        self.secret_id = secret.id
        found = aws.secretsmanager.get_secret_versions_output(
            secret_id=secret.id, opts=pulumi.InvokeOutputOptions(parent=self)
        )
        self.rotations = found.versions.apply(
            lambda versions: rotations_of(each.version_stages for each in versions)
        )
        self.register_outputs({"secret_id": self.secret_id})

    def lead_to(self, role: ConnectedRole) -> None:
        """Store the connection to the role, in exactly the form that the Amazon provider reads.

        With `role_arn` outside `extra`, or the ExternalId under another key, Airflow would silently
        work as the hub itself. After a rotation this is what the function has stored already.
        """
        self.value = aws.secretsmanager.SecretVersion(
            f"{self._name}-value",
            secret_id=self.secret_id,
            secret_string=_value(role),
            # The provider reads this version alone: the label shows whether another one is current.
            version_stages=["AWSCURRENT"],
            opts=pulumi.ResourceOptions(
                parent=self,
                # The next version, or the secret's end, takes its labels. Asked to take them again,
                # Secrets Manager refuses.
                retain_on_delete=True,
            ),
        )


def _value(role: ConnectedRole) -> pulumi.Output[str]:
    """The connection as JSON; the provider's own type makes it secret as a whole."""
    extra = {
        "role_arn": role.cross_account_role_arn,
        "region_name": role.region,
        "assume_role_kwargs": {"ExternalId": role.external_ids[0]},
        "config_kwargs": {"retries": RETRIES},
    }
    # `conn_type` stays in front: Airflow takes the type from the wrong key when an id precedes it.
    return pulumi.Output.json_dumps({"conn_type": "aws", "extra": extra})
