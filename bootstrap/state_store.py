"""Where Pulumi keeps the state of the stack, and the key of the secrets in it."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components.aws.customer_key import CustomerKey, CustomerKeyArgs
from components.aws.naming import Names
from components.aws.secure_bucket import SecureBucket, SecureBucketArgs


@dataclass(frozen=True, kw_only=True)
class StateStoreArgs:
    """`account_id` and `region` are the hub's; `organization_id` is theirs, if any."""

    names: Names
    account_id: str
    region: str
    organization_id: str | None


class StateStore(pulumi.ComponentResource):
    """A bucket and a key of their own, which the deploy roles can't touch."""

    backend_url: pulumi.Output[str]
    """What `pulumi login` takes."""

    secrets_provider: str
    """What `pulumi stack init --secrets-provider` takes."""

    def __init__(
        self, name: str, args: StateStoreArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:StateStore", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        alias = args.names.state
        key = CustomerKey(
            name,
            CustomerKeyArgs(
                alias=alias,
                description=f"Pulumi's state of {args.names.prefix}",
                account_id=args.account_id,
                region=args.region,
                deploy_role_arn=None,
                protect=True,
            ),
            child,
        )
        bucket = SecureBucket(
            name,
            SecureBucketArgs(
                bucket_name=f"{alias}-{args.account_id}-{args.region}",
                account_id=args.account_id,
                region=args.region,
                key_arn=key.arn,
                organization_id=args.organization_id,
                protect=True,
            ),
            child,
        )
        self.backend_url = pulumi.Output.concat("s3://", bucket.bucket_name)
        self.secrets_provider = f"awskms://alias/{alias}?region={args.region}"
        self.register_outputs({"backend_url": self.backend_url})
