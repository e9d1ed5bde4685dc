"""The bootstrap of a stack's accounts, as a Pulumi program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws

from bootstrap.accounts import scopes
from bootstrap.deploy_role import DeployRole, DeployRoleArgs
from bootstrap.operator_role import OperatorRole, OperatorRoleArgs
from bootstrap.options import Options
from bootstrap.permissions_boundary import PermissionsBoundary, PermissionsBoundaryArgs
from bootstrap.state_store import StateStore, StateStoreArgs
from components.aws.arns import account_root, role_arn
from components.aws.naming import Names
from components.providers import deploy_role_arns, endpoint_access, operator_role_arns
from components.topology.model import Topology


def bootstrap(
    topology: Topology,
    names: Names,
    options: Options,
    *,
    makes_boundary: bool,
    endpoint: str | None = None,
) -> None:
    """Register everything; `endpoint` answers for all of AWS instead of AWS itself, if any.

    `makes_boundary` is false where an organization has a boundary of its own.
    """
    hub, roles = topology.accounts[topology.hub.account], deploy_role_arns(topology, names)
    operator_roles = operator_role_arns(topology, names)
    anyone = [account_root(topology.hub.region, hub.id)]
    tags = {"project": names.project, "stack": names.stack, **topology.tags}
    made, operating = {}, {}
    for alias, scope in scopes(topology, names).items():
        access = _access(scope.account_id, topology.hub.region, options, endpoint)
        where = _in_account(alias, scope.account_id, topology.hub.region, tags, access)
        if makes_boundary:
            PermissionsBoundary(f"{alias}-boundary", PermissionsBoundaryArgs(scope=scope), where)
        role = DeployRole(
            f"{alias}-deploy",
            DeployRoleArgs(
                arn=roles[scope.account_id], scope=scope, deployers=options.deployers or anyone
            ),
            where,
        )
        made[alias] = role.arn
        operator = OperatorRole(
            f"{alias}-operate",
            OperatorRoleArgs(
                arn=operator_roles[scope.account_id],
                hub_arn=operator_roles[hub.id],
                scope=scope,
                operators=options.operators or anyone,
            ),
            where,
        )
        operating[alias] = operator.arn
        if alias == topology.hub.account:
            store = StateStore(
                "state",
                StateStoreArgs(names=names, account_id=hub.id, region=topology.hub.region),
                where,
            )
            pulumi.export("state_backend_url", store.backend_url)
            pulumi.export("state_secrets_provider", store.secrets_provider)
    pulumi.export("deploy_role_arns", made)
    pulumi.export("operator_role_arns", operating)


def _access(account_id: str, region: str, options: Options, endpoint: str | None) -> dict[str, Any]:
    """How the administrator enters an account."""
    if endpoint is not None:
        return endpoint_access(account_id, endpoint)
    if options.administrator_role is None:
        return {}
    role = role_arn(region, account_id, options.administrator_role)
    return {"assume_roles": [aws.ProviderAssumeRoleArgs(role_arn=role)]}


def _in_account(
    alias: str, account_id: str, region: str, tags: Mapping[str, str], access: Mapping[str, Any]
) -> pulumi.ResourceOptions:
    provider = aws.Provider(
        f"{alias}-administrator",
        region=region,
        allowed_account_ids=[account_id],
        default_tags=aws.ProviderDefaultTagsArgs(tags=dict(tags)),
        opts=pulumi.ResourceOptions(replacement_trigger=account_id),
        **access,
    )
    return pulumi.ResourceOptions(provider=provider)
