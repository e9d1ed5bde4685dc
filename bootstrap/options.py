"""What the bootstrap is told beside the topology: `unified-pipelines:bootstrap` in a stack file."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from components.topology import limits
from components.topology.model.fields import Model, one_of, pattern
from components.topology.regions import REGIONS

_PRINCIPAL = r"arn:[a-z-]+:iam::[0-9]{12}:(?:role|user)/[\w+=,.@/-]+"
_REPOSITORY = r"[\w.-]+/[\w.-]+|[\w.-]+@[0-9]+/[\w.-]+@[0-9]+"

_Principals = Annotated[
    tuple[Annotated[str, pattern(_PRINCIPAL)], ...], Field(strict=False, min_length=1)
]


def _known(region: str) -> str:
    if region not in REGIONS:
        raise ValueError(f"found {region!r}; expected the code of a Region, such as us-west-2")
    return region


class Github(Model):
    """The repository whose workflows preview the stack, and where from they deploy it."""

    repository: Annotated[str, pattern(_REPOSITORY)]
    """`owner/name`, or `owner@id/name@id` where GitHub's tokens name both with their ids."""

    branch: Annotated[str, pattern(r"[\w./-]+")] | None = None
    """The branch whose workflows may deploy; protect it."""

    environment: Annotated[str, pattern(r"[\w.-]+")] | None = None
    """The GitHub environment whose jobs may deploy; give it protection rules."""

    existing_provider: bool = False
    """Whether the hub's account has GitHub's OpenID Connect provider already."""

    @model_validator(mode="after")
    def _one_entry(self) -> Github:
        if self.branch is not None and self.environment is not None:
            raise ValueError("found branch and environment; expected at most one of them")
        return self

    @property
    def preview_subject(self) -> str:
        """The subject of the token of a pull request's job."""
        return f"repo:{self.repository}:pull_request"

    @property
    def deploy_subject(self) -> str | None:
        """The subject of the token of a job that may deploy; None where none may."""
        if self.environment is not None:
            return f"repo:{self.repository}:environment:{self.environment}"
        if self.branch is not None:
            return f"repo:{self.repository}:ref:refs/heads/{self.branch}"
        return None


class Options(Model):
    """Who may deploy and operate, and how the administrator enters the accounts."""

    deployers: _Principals | None = None
    """Roles or users that may assume the deploy roles. Without it, every principal of the hub's
    account whose own policies allow that."""

    operators: _Principals | None = None
    """Roles or users that may assume the operator role of the hub's account. Without it, every
    principal of the hub's account whose own policies allow that."""

    github: Github | None = None
    """A repository on GitHub that previews the stack, and may deploy it."""

    state_region: Annotated[str, AfterValidator(_known), one_of(REGIONS)] | None = None
    """The Region of Pulumi's state; without it, the hub's. A hub that is to be recovered in another
    Region needs a state that isn't lost with its own."""

    administrator_role: Annotated[str | None, pattern(limits.BOUNDARY_PATTERN)] = None
    """The role that the administrator assumes in every account, such as
    `OrganizationAccountAccessRole`; without it, the administrator's own credentials."""
