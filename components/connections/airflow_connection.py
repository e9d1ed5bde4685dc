"""One Airflow connection, kept where Airflow's Secrets Manager backend looks for it."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

RETRIES = {"mode": "standard", "max_attempts": 10}
"""Attempts of each call: about a minute. A wait for a job fails once a call fails them all."""


@dataclass(frozen=True, kw_only=True)
class AirflowConnectionArgs:
    """`role_arn` is the pipeline's role, `region` the one its tasks work in."""

    secret_name: str
    description: str
    key_arn: pulumi.Input[str]
    role_arn: pulumi.Input[str]
    region: str
    external_id: pulumi.Input[str]
    """Secret: the ExternalId that the role's trust policy asks for."""


class AirflowConnection(pulumi.ComponentResource):
    """A connection of type `aws` through which Airflow works as a pipeline's role.

    The value has exactly the form that the Amazon provider reads. With `role_arn` outside
    `extra`, or the ExternalId under another key, Airflow would silently work as the hub itself.
    """

    def __init__(
        self,
        name: str,
        args: AirflowConnectionArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("unified-pipelines:index:AirflowConnection", name, None, opts)
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
        aws.secretsmanager.SecretVersion(
            f"{name}-value",
            secret_id=secret.id,
            secret_string=_value(args),
            # The provider reads this version alone: the label shows whether another one is current.
            version_stages=["AWSCURRENT"],
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})


def _value(args: AirflowConnectionArgs) -> pulumi.Output[str]:
    """The connection as JSON; the provider's own type makes it secret as a whole."""
    extra = {
        "role_arn": args.role_arn,
        "region_name": args.region,
        "assume_role_kwargs": {"ExternalId": args.external_id},
        "config_kwargs": {"retries": RETRIES},
    }
    # `conn_type` stays in front: Airflow takes the type from the wrong key when an id precedes it.
    return pulumi.Output.json_dumps({"conn_type": "aws", "extra": extra})
