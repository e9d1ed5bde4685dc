"""The role that a preview of a pull request works as in an account."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from bootstrap.account_role import account_role
from bootstrap.policies.documents import preview_policies
from bootstrap.policies.scope import Scope
from bootstrap.policies.trusts import github_jobs, role_in_hub
from components.aws.policy_document import Statement


@dataclass(frozen=True, kw_only=True)
class PreviewRoleArgs:
    """`arn` names the role; `hub_arn` is the one in the hub's account.

    The hub's is assumed with GitHub's token of that `subject`, and assumes all of them.
    """

    arn: str
    hub_arn: str
    scope: Scope
    provider_arn: str
    subject: str


class PreviewRole(pulumi.ComponentResource):
    """A role that reads what a preview needs: the state in the hub's account, and networks."""

    def __init__(
        self,
        name: str,
        args: PreviewRoleArgs,
        opts: pulumi.ResourceOptions | None = None,
        *,
        after: pulumi.Resource | None = None,
    ) -> None:
        super().__init__("unified-pipelines:index:PreviewRole", name, None, opts)
        prefix = args.scope.prefix
        account_role(
            name,
            arn=args.arn,
            description=f"Previews {prefix}",
            trust=preview_trust(args),
            policy_description=f"What a preview of {prefix} takes",
            policies=preview_policies(args.scope),
            parent=self,
            after=after,
        )
        self.register_outputs({})


def preview_trust(args: PreviewRoleArgs) -> list[Statement]:
    """Who may assume the role: GitHub's jobs in the hub's account, and its role everywhere."""
    trust = [role_in_hub("HubPreview", args.hub_arn, args.scope.organization_id)]
    if args.scope.has_hub:
        trust.append(github_jobs("PullRequests", args.provider_arn, args.subject))
    return trust
