"""How GitHub's workflows enter, in the template."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bootstrap.cloudformation.parts import policies, role, trusting
from bootstrap.github_access import LONGEST_DEPLOYMENT_SECONDS
from bootstrap.options import Github
from bootstrap.policies.documents import entry_policies, preview_policies
from bootstrap.policies.scope import Scope
from bootstrap.policies.trusts import (
    AUDIENCE,
    GITHUB,
    github_jobs,
    github_provider_arn,
    role_in_hub,
)
from components.aws.arns import role_arn


def github(
    options: Github, scope: Scope, hub_id: str, deploy_role_arns: Sequence[str]
) -> dict[str, Any]:
    """GitHub's provider, the preview roles, and the role by which a deployment enters."""
    # The other provider is named by a reference, as it has to be there before the roles.
    existing = github_provider_arn(scope.hub_region, hub_id)
    provider_arn = existing if options.existing_provider else "${GithubProvider}"
    return {
        **({} if options.existing_provider else _provider()),
        **_preview(options, scope, hub_id, provider_arn),
        **_entry(options, scope, provider_arn, deploy_role_arns),
    }


def _provider() -> dict[str, Any]:
    return {
        "GithubProvider": {
            "Type": "AWS::IAM::OIDCProvider",
            "Condition": "IsHub",
            "Properties": {"Url": f"https://{GITHUB}", "ClientIdList": [AUDIENCE]},
        }
    }


def _preview(options: Github, scope: Scope, hub_id: str, provider_arn: str) -> dict[str, Any]:
    name = scope.names.preview_role
    hub_arn = role_arn(scope.hub_region, hub_id, name)
    of_hub = role_in_hub("HubPreview", hub_arn, scope.organization_id)
    jobs = github_jobs("PullRequests", provider_arn, options.preview_subject)
    trust = {"Fn::If": ["IsHub", trusting([of_hub, jobs]), trusting([of_hub])]}
    return {
        "PreviewRole": role(name, f"Previews {scope.prefix}", trust),
        **policies("PreviewRole", name, preview_policies(scope)),
    }


def _entry(
    options: Github,
    scope: Scope,
    provider_arn: str,
    deploy_role_arns: Sequence[str],
) -> dict[str, Any]:
    if options.deploy_subject is None:
        return {}
    name = scope.names.github_role
    jobs = github_jobs("Deployments", provider_arn, options.deploy_subject)
    return {
        "GithubRole": role(
            name,
            f"Assumes the deploy roles of {scope.prefix}",
            trusting([jobs]),
            condition="IsHub",
            longest_session_seconds=LONGEST_DEPLOYMENT_SECONDS,
        ),
        **policies("GithubRole", name, entry_policies(scope, deploy_role_arns)),
    }
