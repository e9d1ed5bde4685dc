"""The Lambda function `dagcleanup` of an ML pipeline, with its role and log group."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aws.naming import FUNCTION_NAME_LIMIT
from components.aws.policy_document import Statement
from components.aws.secure_bucket import SecureBucket
from components.functions.policies import function_runs
from components.functions.python_function import (
    FunctionNetwork,
    PythonFunctionArgs,
    code,
    python_function,
)
from components.ml_pipeline.cleanup_policy import cleanup
from components.network.work_network import WorkNetwork
from components.pipeline.site import PipelineSite

TIMEOUT_SECONDS = 300
"""Far more than a run takes: the function deletes up to a thousand versions per call to S3."""


def function_name(site: PipelineSite) -> str:
    """The function's physical name."""
    return site.name_of("dagcleanup", limit=FUNCTION_NAME_LIMIT)


def function_arn(site: PipelineSite) -> str:
    """The function's ARN, computed: its role's policy comes before the function."""
    return site.arn("lambda", f"function:{function_name(site)}")


@dataclass(frozen=True, kw_only=True)
class CleanupFunctionArgs:
    """The ML pipeline that the function is for, and the bucket and key that it works on.

    `keep_days` is for how long a run's rows are kept after a success; 0 deletes them.
    """

    site: PipelineSite
    bucket: SecureBucket
    key_arn: pulumi.Output[str]
    network: WorkNetwork | None
    keep_days: int


class CleanupFunction(pulumi.ComponentResource):
    """The function that clears a run's data, or marks them for S3 to clear, and sums the run up.

    No dead-letter queue: it is called synchronously, so the caller gets every failure.
    """

    function_name: pulumi.Output[str]
    """The function's name, once it is there."""

    def __init__(
        self, name: str, args: CleanupFunctionArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:CleanupFunction", name, None, opts)
        self._name = name
        self._args = args
        self.function_name = self._function().name
        self.register_outputs({"function_name": self.function_name})

    def _function(self) -> aws.lambda_.Function:
        args, network = self._args, self._args.network
        return python_function(
            self._name,
            PythonFunctionArgs(
                site=args.site,
                name=function_name(args.site),
                description=f"Clears the data of finished runs of {args.site.name}",
                purpose="dagcleanup",
                statements=args.key_arn.apply(self._statements),
                files=code("dagcleanup.py", "run_rows.py"),
                key_arn=args.key_arn,
                timeout_seconds=TIMEOUT_SECONDS,
                variables={
                    "BUCKET_NAME": args.bucket.bucket_name,
                    "KEEP_TRAINING_DATA_DAYS": str(args.keep_days),
                },
                network=FunctionNetwork(
                    subnet_ids=network.subnet_ids, security_group_ids=network.group_ids
                )
                if network
                else None,
                after=network.ready if network else (),
            ),
            parent=self,
        ).function

    def _statements(self, key_arn: str) -> list[Statement]:
        site = self._args.site
        own = cleanup(
            bucket_arn=site.bucket_arn,
            key_arn=key_arn,
            region=site.region,
            keeps_rows=self._args.keep_days > 0,
        )
        in_network = self._args.network is not None
        return [*own, *function_runs(site, function_name(site), key_arn, in_network=in_network)]
