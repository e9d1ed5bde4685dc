"""What is read of a bucket: all pages of it, and as its pipeline's role."""

from __future__ import annotations

from typing import Any
from unittest.mock import MagicMock

import pytest
from cross_account.pipeline_bucket import PipelineBucket, open_bucket

from tests.dags.example_topology import pipelines
from tests.dags.fake_aws import FakeAws

WEST = pipelines()["west2"]


class TestListing:
    """S3 leaves out what a page has none of, and a page may have nothing at all."""

    @staticmethod
    def listing(*pages: dict[str, Any]) -> tuple[PipelineBucket, MagicMock]:
        """The bucket, and what its pages are asked for with."""
        client = MagicMock()
        paginate = client.get_paginator.return_value.paginate
        paginate.return_value = pages
        return PipelineBucket("bucket", client), paginate

    def test_sizes(self) -> None:
        bucket, paginate = self.listing(
            {"Contents": [{"Key": "a/1", "Size": 7}, {"Key": "a/2", "Size": 0}]},
            {},
            {"Contents": [{"Key": "a/b/3", "Size": 1}]},
        )
        assert bucket.sizes("a/") == {"a/1": 7, "a/2": 0, "a/b/3": 1}
        paginate.assert_called_once_with(Bucket="bucket", Prefix="a/")

    def test_folders(self) -> None:
        bucket, paginate = self.listing(
            {"CommonPrefixes": [{"Prefix": "a/b/"}, {"Prefix": "a/c/"}]},
            {"Contents": [{"Key": "a/1", "Size": 7}]},
            {"CommonPrefixes": [{"Prefix": "a/d/"}]},
        )
        assert bucket.prefixes("a/") == ["a/b/", "a/c/", "a/d/"]
        paginate.assert_called_once_with(Bucket="bucket", Prefix="a/", Delimiter="/")

    def test_nothing(self) -> None:
        bucket, _ = self.listing({})
        assert (bucket.sizes("a/"), bucket.prefixes("a/")) == ({}, [])


@pytest.mark.airflow
def test_it_is_read_as_its_pipelines_role(aws: FakeAws) -> None:
    aws.put(WEST["bucket_name"], "key", {"a": 1})
    assert open_bucket(WEST["connection_id"], WEST["bucket_name"]).read_json("key") == {"a": 1}
    read = aws.calls[-1]
    assert (read.operation, read.region) == ("s3:GetObject", WEST["region"])
    role = WEST["cross_account_role_arn"].rpartition("/")[2]
    assert read.caller.startswith(f"arn:aws:sts::{WEST['account_id']}:assumed-role/{role}/")
