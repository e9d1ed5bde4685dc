"""The names of the resources of a hub or a pipeline."""

from __future__ import annotations

from dataclasses import dataclass

from components.aws.account_region import AccountRegion
from components.aws.naming import FUNCTION_NAME_LIMIT, GLUE_NAME_LIMIT, HUB_OWNER, Names
from components.pipeline.connection_names import connection_secret_name
from components.topology.loading import load_topology, parsed
from local.deployment.stack_file import Stack
from local.run.run_directory import CHECKOUT


@dataclass(frozen=True, kw_only=True)
class Owner:
    """A hub, a pipeline or an access of one of the stacks."""

    names: Names
    name: str
    """Its name within its stack."""

    account_region: AccountRegion
    environment: str
    tunes: bool
    has_data: bool
    """Whether it has a bucket, which an access doesn't."""

    @property
    def account(self) -> str:
        return self.account_region.account_id

    @property
    def region(self) -> str:
        return self.account_region.region

    @property
    def bucket(self) -> str:
        return self.names.bucket(self.name, self.account, self.region)

    @property
    def job(self) -> str:
        return self.names.of(self.name, "mwaa_glue_raw_to_transform", limit=GLUE_NAME_LIMIT)

    @property
    def logs(self) -> str:
        """What the names of its job's log groups begin with, less the slash."""
        configuration = self.names.of(self.name, "glue", limit=GLUE_NAME_LIMIT)
        return f"/aws-glue/{self.job}/{configuration}-role/{self.names.role(self.name, 'glue')}"

    @property
    def function(self) -> str:
        name = self.names.of(self.name, "dagcleanup", limit=FUNCTION_NAME_LIMIT)
        return f"arn:aws:lambda:{self.region}:{self.account}:function:{name}"

    @property
    def secret(self) -> str:
        """The name of the secret that holds the connection to it."""
        return connection_secret_name(self.environment, self.name)

    @property
    def jobs(self) -> str:
        """What the names of its training jobs begin with."""
        if self.tunes:
            return self.names.tuning_job_prefix(self.name)
        return self.names.training_job_prefix(self.name)

    def role_arn(self, purpose: str) -> str:
        return f"arn:aws:iam::{self.account}:role/{self.names.role(self.name, purpose)}"


def owners(stack: Stack, *, hub: str) -> dict[str, Owner]:
    """The hub, as `hub`, the pipelines and the accesses of a stack by name."""
    names = Names(project=stack.project, stack=stack.name)
    value = parsed(stack.config[f"{stack.project}:topology"])
    topology = load_topology(value, names=names, root=CHECKOUT)
    tuning = {name for name, each in topology.ml_pipelines.items() if each.training.tuning}
    return {
        hub if name == HUB_OWNER else name: Owner(
            names=names,
            name=name,
            account_region=AccountRegion(
                account_id=topology.accounts[part.account].id, region=part.region
            ),
            environment=names.environment(),
            tunes=name in tuning,
            has_data=name not in topology.access,
        )
        for name, part in {HUB_OWNER: topology.hub, **topology.reached()}.items()
    }
