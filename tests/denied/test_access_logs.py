"""The embedded AWS's buckets have access logs, and no principal of the account writes there."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.denied.deployed_stacks import DeployedStacks


@pytest.mark.parametrize("owner", ["hub", "east1", "west2"])
def test_a_buckets_log_is_written_by_s3_alone(stacks: DeployedStacks, owner: str) -> None:
    of = stacks.owners[owner]
    s3 = stacks.root("s3", of.account, of.region)
    logged = s3.get_bucket_logging(Bucket=of.bucket)["LoggingEnabled"]
    log_bucket = of.names.log_bucket(of.account, of.region)
    assert logged == {"TargetBucket": log_bucket, "TargetPrefix": f"access/{of.bucket}/"}
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.put_object(Bucket=log_bucket, Key=f"access/{of.bucket}/forged", Body=b"1")
