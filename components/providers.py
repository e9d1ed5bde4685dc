"""One explicit provider per account and Region: no resource uses a default provider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from components.aws.arns import role_arn
from components.aws.naming import Names
from components.topology.model import Topology

ENDPOINT_SERVICES = (
    "budgets",
    "cloudwatch",
    "ec2",
    "events",
    "glue",
    "iam",
    "kms",
    "lambda_",
    "logs",
    "mwaa",
    "route53",
    "s3",
    "s3control",
    "secretsmanager",
    "sns",
    "sqs",
    "sts",
)
"""Every service that the program's resources live in, as the provider names its endpoint."""


class Providers:
    """The providers of a program, made when the program starts."""

    random: random.Provider
    """For generated values, which never leave the state."""

    def __init__(
        self,
        topology: Topology,
        names: Names,
        *,
        tags: Mapping[str, str],
        endpoint: str | None,
        read_only: bool,
    ) -> None:
        """`endpoint` is the address that answers for all of AWS instead of AWS itself, if any.

        With `read_only`, which is for previews, all of them work as the preview roles.
        """
        role_arns = preview_role_arns if read_only else deploy_role_arns
        roles = role_arns(topology, names)
        self.random = random.Provider("random")
        self._account_ids = {alias: account.id for alias, account in topology.accounts.items()}
        self._providers = {
            (account, region): _provider(
                topology, account, region, tags=tags, roles=roles, endpoint=endpoint
            )
            for account, region in _provided(topology)
        }

    def at(self, account: str, region: str) -> pulumi.ResourceOptions:
        """The options that put a component into the account with this alias and a Region."""
        account_id = self._account_ids[account]

        def replaced_with_account(
            args: pulumi.ResourceTransformationArgs,
        ) -> pulumi.ResourceTransformationResult | None:
            if not args.type_.startswith("aws:"):
                return None
            own = args.opts.replacement_trigger
            trigger = account_id if own is None else f"{account_id} {own}"
            opts = pulumi.ResourceOptions(replacement_trigger=trigger)
            return pulumi.ResourceTransformationResult(
                args.props, pulumi.ResourceOptions.merge(args.opts, opts)
            )

        return pulumi.ResourceOptions(
            provider=self._providers[account, region],
            # To Pulumi a resource with another provider is the same resource: it would look for
            # what the former account has in the new one.
            transformations=[replaced_with_account],
        )


def formerly(name: str, opts: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
    """`opts` of what a stack's state may hold under an earlier name.

    An account's alias was part of some names. Names with its id let a stack rename the alias.
    """
    former = pulumi.ResourceOptions(aliases=[pulumi.Alias(name=name)])
    return pulumi.ResourceOptions.merge(opts, former)


def accounts_and_regions(topology: Topology) -> list[tuple[str, str]]:
    """Every account's alias with each Region that a part is in there, in a stable order."""
    return sorted({*with_buckets(topology)} | _with_access(topology) | _with_endpoints(topology))


def accounts_with_parts(topology: Topology) -> set[str]:
    """The accounts that have more of the stack than endpoints in their network."""
    return {alias for alias, _ in {*with_buckets(topology)} | _with_access(topology)}


def _with_access(topology: Topology) -> set[tuple[str, str]]:
    return {(access.account, access.region) for access in topology.access.values()}


def _with_endpoints(topology: Topology) -> set[tuple[str, str]]:
    """Where the network of the environment belongs to, if the stack makes endpoints in it."""
    endpoints = topology.hub.network.endpoints
    return {(endpoints.account, topology.hub.region)} if endpoints else set()


def with_buckets(topology: Topology) -> list[tuple[str, str]]:
    """The same of the hub and the pipelines, which keep something there."""
    pipelines = {(each.account, each.region) for each in topology.pipelines()}
    return sorted(pipelines | set(topology.hub_accounts_and_regions()))


def _provided(topology: Topology) -> list[tuple[str, str]]:
    """What needs a provider: those, the hub's Region where a budget is, the Regions of endpoints.

    A budget belongs to no Region: its provider is to stay where pipelines come and go.
    """
    budgets = {(alias, topology.hub.region) for alias in topology.budgets()}
    endpoints = {(topology.hub.account, region) for region in topology.endpoint_regions()}
    return sorted({*accounts_and_regions(topology)} | budgets | endpoints)


def deploy_role_arns(topology: Topology, names: Names) -> dict[str, str]:
    """By account id, the role that deploys: the bootstrap's, or the one that the topology names."""
    return {
        account.id: account.deploy_role_arn
        or role_arn(topology.hub.region, account.id, names.deploy_role)
        for account in topology.accounts.values()
    }


def operator_role_arns(topology: Topology, names: Names) -> dict[str, str]:
    """By account id, the role that people work as after a deployment: the bootstrap makes it."""
    return {
        account.id: role_arn(topology.hub.region, account.id, names.operator_role)
        for account in topology.accounts.values()
    }


def preview_role_arns(topology: Topology, names: Names) -> dict[str, str]:
    """By account id, the role that a preview works as: the bootstrap makes it for GitHub."""
    return {
        account.id: role_arn(topology.hub.region, account.id, names.preview_role)
        for account in topology.accounts.values()
    }


def _provider(
    topology: Topology,
    alias: str,
    region: str,
    *,
    tags: Mapping[str, str],
    roles: Mapping[str, str],
    endpoint: str | None,
) -> aws.Provider:
    account = topology.accounts[alias]
    caller = topology.accounts[topology.hub.account]
    access = {} if endpoint is None else endpoint_access(caller.id, endpoint)
    # Changed in place, it would delete the former account's resources in the new account.
    replaced = pulumi.ResourceOptions(replacement_trigger=account.id)
    return aws.Provider(
        f"{account.id}-{region}",
        region=region,
        # A second check: credentials of another account end the deployment before it begins.
        allowed_account_ids=[account.id],
        default_tags=aws.ProviderDefaultTagsArgs(tags=dict(tags)),
        opts=formerly(f"{alias}-{region}", replaced),
        # The class, not a dictionary: the provider silently ignores a dictionary's snake_case keys.
        assume_roles=[aws.ProviderAssumeRoleArgs(role_arn=roles[account.id])],
        **access,
    )


def endpoint_access(account_id: str, endpoint: str) -> dict[str, Any]:
    """All services at one address, which takes an account's id as the key of its root."""
    services = dict.fromkeys(ENDPOINT_SERVICES, endpoint)
    return {
        "access_key": account_id,
        "secret_key": "unused",
        "endpoints": [aws.ProviderEndpointArgs(**services)],
        # Some clients put a name before the host, such as `api.`, which only works through a proxy.
        "http_proxy": endpoint,
        "s3_use_path_style": True,
        "skip_credentials_validation": True,
        "skip_metadata_api_check": True,
        "skip_region_validation": True,
    }
