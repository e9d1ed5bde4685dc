"""A program that is evaluated again changes what differs, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pulumi
import pulumi_aws as aws
import pytest

from local.deployment.errors import DeploymentError
from local.deployment.monitor import AwsMonitor
from local.deployment.program import evaluate
from local.deployment.stack_file import Stack
from local.deployment.stopping import Stop
from tests.local.deployment.conftest import Account


def program(account: Account, *, content: str = "1", days: int = 7) -> Callable[[], None]:
    """A bucket with an object, and a log group."""

    def evaluated() -> None:
        options = account.options()
        bucket = aws.s3.Bucket(
            "bucket", bucket=f"changed-{account.id}", force_destroy=True, opts=options
        )
        made = aws.s3.BucketObjectv2(
            "object",
            bucket=bucket.bucket,
            key="a.py",
            source=pulumi.StringAsset(content),
            opts=options,
        )
        aws.cloudwatch.LogGroup("group", name="group", retention_in_days=days, opts=options)
        pulumi.export("etag", made.etag)

    return evaluated


def deploy_again(account: Account, evaluated: Callable[[], None]) -> tuple[AwsMonitor, str]:
    """The second deployment, and the object's entity tag."""
    monitor = AwsMonitor(lambda *_: None, Stop(), account.deployed[-1].monitor.existing)
    outputs = evaluate(evaluated, Stack("project", "test", {}), monitor)
    return monitor, outputs["etag"]


def test_what_is_the_same_is_left_alone(account: Account) -> None:
    first = account.deploy(program(account))

    second, etag = deploy_again(account, program(account))

    before = {id(each) for each in first.monitor.existing}
    assert {id(each) for each in second.existing} == before
    assert etag == first.outputs["etag"]


def test_what_differs_is_updated(account: Account) -> None:
    first = account.deploy(program(account))

    _, etag = deploy_again(account, program(account, content="2"))

    read = account.client("s3").get_object(Bucket=f"changed-{account.id}", Key="a.py")
    assert read["Body"].read() == b"2"
    assert etag != first.outputs["etag"]


def test_a_job_that_is_updated_keeps_its_connections(account: Account) -> None:
    role_arn = f"arn:aws:iam::{account.id}:role/glue"

    def with_timeout(minutes: int) -> Callable[[], None]:
        def evaluated() -> None:
            aws.glue.Job(
                "job",
                name="job",
                role_arn=role_arn,
                command={"name": "glueetl", "script_location": "s3://b/job.py"},
                connections=["subnet"],
                timeout=minutes,
                opts=account.options(),
            )
            pulumi.export("etag", "none")

        return evaluated

    account.deploy(with_timeout(60))
    deploy_again(account, with_timeout(61))

    job = account.client("glue").get_job(JobName="job")["Job"]
    assert (job["Timeout"], job["Connections"]) == (61, {"Connections": ["subnet"]})


def test_an_update_that_no_description_knows_is_an_error(account: Account) -> None:
    account.deploy(program(account))

    with pytest.raises(
        DeploymentError, match=r"LogGroup::group: its retentionInDays changed, .* `update`"
    ):
        deploy_again(account, program(account, days=14))
