"""The names of the resources of a hub or a pipeline."""

from __future__ import annotations

from dataclasses import dataclass

from components.aws.account_region import AccountRegion
from components.aws.naming import FUNCTION_NAME_LIMIT, GLUE_NAME_LIMIT, HUB_OWNER, Names
from components.pipeline.connection_names import connection_secret_name
from local.deployment.stack_file import read_stack
from local.run.data_files import DataFiles
from local.run.options import Options
from local.run.preparation import prepare
from local.run.run_directory import CHECKOUT


@dataclass(frozen=True, kw_only=True)
class Owner:
    """A hub or a pipeline of one of the stacks."""

    names: Names
    name: str
    """Its name within its stack."""

    account_region: AccountRegion
    environment: str

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
        return self.names.training_job_prefix(self.name)

    def role_arn(self, purpose: str) -> str:
        return f"arn:aws:iam::{self.account}:role/{self.names.role(self.name, purpose)}"


def owners(stack: str, *, hub: str) -> dict[str, Owner]:
    """The hub, as `hub`, and the pipelines of a stack by name."""
    plan = prepare(Options(stack=stack, data=DataFiles(), keep=False, directory=CHECKOUT)).plan
    names = Names(project="unified-pipelines", stack=read_stack(CHECKOUT, stack).name)
    account_regions = {HUB_OWNER: plan.hub}
    account_regions |= {pipeline.name: pipeline.account_region for pipeline in plan.data_pipelines}
    account_regions |= {pipeline.name: pipeline.account_region for pipeline in plan.ml_pipelines}
    return {
        hub if name == HUB_OWNER else name: Owner(
            names=names, name=name, account_region=account_region, environment=plan.environment
        )
        for name, account_region in account_regions.items()
    }
