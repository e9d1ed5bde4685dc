"""All of a stack: its accounts, the hub and the pipelines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from components.aws.naming import OWNER_PATTERN
from components.topology import limits
from components.topology.model.access import Access
from components.topology.model.data_pipeline import DataPipeline
from components.topology.model.fields import (
    Expected,
    Model,
    editor_hint,
    names_like,
    pattern,
    within,
)
from components.topology.model.hub import Hub
from components.topology.model.ml_pipeline import MlPipeline
from components.topology.model.monitoring import Notifications


class Account(Model):
    """An AWS account and, optionally, the role through which it is deployed to."""

    id: Annotated[
        str,
        pattern(limits.ACCOUNT_ID_PATTERN),
        Expected(
            "an account id",
            "12 digits in quotes",
            "Look it up with `aws sts get-caller-identity`",
        ),
    ] = Field(examples=["111111111111"])
    """The account's 12 digits, in quotes."""

    deploy_role_arn: str | None = None
    """The role through which the account is deployed to; without it, the one of the bootstrap."""

    monthly_budget: Annotated[int | None, within(limits.MONTHLY_BUDGET)] = None
    """What the stack may cost in this account in a month, in US dollars (in China in yuan): the
    e-mail addresses are told at 80 and at 100 percent."""


class Topology(Model):
    """What a stack deploys. Accounts are named by alias, pipelines by their name."""

    accounts: Annotated[Mapping[str, Account], names_like(limits.ALIAS_PATTERN)]
    """The AWS accounts, by alias."""

    hub: Hub
    """The hub: where Airflow runs, and how."""

    data_pipelines: Annotated[Mapping[str, DataPipeline], names_like(OWNER_PATTERN)]
    """The data pipelines, by name: a lower-case letter, then up to 11 such letters or digits."""

    ml_pipelines: Annotated[Mapping[str, MlPipeline], names_like(OWNER_PATTERN)] = Field(
        default_factory=dict
    )
    """The ML pipelines, by name: a lower-case letter, then up to 11 such letters or digits."""

    access: Annotated[Mapping[str, Access], names_like(OWNER_PATTERN)] = Field(default_factory=dict)
    """Roles for other work, by name: a lower-case letter, then up to 11 such letters or digits."""

    access_logs: bool = True
    """Whether S3 logs the requests to every bucket, in a bucket per account and Region."""

    notifications: Notifications = Field(default_factory=Notifications)
    """Who is told of alarms and failed runs."""

    organization_id: Annotated[
        str | None,
        pattern(limits.ORGANIZATION_ID_PATTERN),
        Expected(
            "the id of an organization",
            "o- and 10 to 32 lower-case letters or digits",
            "Look it up with `aws organizations describe-organization`",
        ),
    ] = Field(default=None, examples=["o-exampleorgid"])
    """The AWS organization of all the accounts: principals and resources outside it are refused."""

    permissions_boundary: Annotated[
        str | None,
        pattern(limits.BOUNDARY_PATTERN),
        Expected(
            "the name of a policy",
            "the name of a managed policy, with its path, such as team/pipelines-boundary",
            "Give no ARN: the program puts in the id of each account",
        ),
    ] = None
    """The name, with its path, of a policy in every account that is the boundary of every role;
    without it, the one of the bootstrap."""

    protect_data: bool = False
    """Whether buckets, keys and the environment are protected from removal and replacement."""

    tags: Annotated[Mapping[str, str], editor_hint(maxProperties=limits.TAGS)] = Field(
        default_factory=dict
    )
    """Up to 8 tags for every resource, besides `project` and `stack`."""

    def reached(self) -> dict[str, DataPipeline | MlPipeline | Access]:
        """All that the hub has a role and a connection for, by its name."""
        return {**self.data_pipelines, **self.ml_pipelines, **self.access}

    def budgets(self) -> dict[str, int]:
        """The monthly budget of each account that has one, by its alias."""
        budgets = {alias: account.monthly_budget for alias, account in self.accounts.items()}
        return {alias: amount for alias, amount in budgets.items() if amount is not None}

    def pipelines(self) -> list[DataPipeline | MlPipeline]:
        """Every pipeline, of either kind."""
        return [*self.data_pipelines.values(), *self.ml_pipelines.values()]

    def upload_keys(self) -> dict[str, str]:
        """The pattern of the keys whose uploads start runs, by data pipeline that has one."""
        keys = {name: data.start.on_upload for name, data in self.data_pipelines.items()}
        return {name: pattern for name, pattern in keys.items() if pattern is not None}

    def endpoint_regions(self) -> list[str]:
        """The other Regions with pipelines, where the hub's network reaches them by endpoints."""
        if not self.hub.network.is_private:
            return []
        return sorted({each.region for each in self.pipelines()} - {self.hub.region})

    def has_transit_gateways(self) -> bool:
        """Whether transit gateways lead to those Regions."""
        return self.hub.network.connectivity == "transit_gateway" and bool(self.endpoint_regions())

    def hub_accounts_and_regions(self) -> list[tuple[str, str]]:
        """The hub's account with each Region in which it keeps something."""
        backup = [] if self.hub.backup is None else [self.hub.backup.region]
        return [(self.hub.account, region) for region in (self.hub.region, *backup)]

    def expected_hours(self) -> dict[str, int | None]:
        """Every pipeline's `expect_every_hours`, by its name."""
        pipelines: dict[str, DataPipeline | MlPipeline] = {
            **self.data_pipelines,
            **self.ml_pipelines,
        }
        return {name: each.expect_every_hours for name, each in pipelines.items()}

    def protects_data_in(self, account: str, region: str) -> bool:
        """Whether any part in an account and Region has its data protected."""
        protected = [
            (each.account, each.region)
            for each in self.pipelines()
            if (self.protect_data if each.protect_data is None else each.protect_data)
        ]
        if self.protect_data:
            protected += self.hub_accounts_and_regions()
        return (account, region) in protected

    def ml_pipelines_of(self, data_pipeline: str) -> list[str]:
        """The names of the ML pipelines that train on the output of `data_pipeline`, sorted."""
        found = self.ml_pipelines.items()
        return sorted(name for name, ml in found if data_pipeline in ml.data_pipelines())
