"""ARNs and host names follow the partition."""

from __future__ import annotations

import botocore.session
import pytest

from components.aws.arns import bucket_arn, policy_arn, role_arn
from components.aws.partitions import dns_suffix_of, partition_of
from components.topology.regions import REGIONS


class TestPartitions:
    """ARNs and host names are those of the Region's partition."""

    def test_the_regions_are_at_least_those_of_the_emulators_botocore(self) -> None:
        session = botocore.session.get_session()
        found = {
            region: partition
            for partition in session.get_available_partitions()
            for region in session.get_available_regions("sts", partition)
        }
        known = {region: partition_of(region) for region in REGIONS}
        assert known == known | found

    @pytest.mark.parametrize(
        ("region", "partition", "dns_suffix"),
        [
            ("us-east-1", "aws", "amazonaws.com"),
            ("mx-central-1", "aws", "amazonaws.com"),
            ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
            ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
            ("us-iso-east-1", "aws-iso", "c2s.ic.gov"),
            ("us-isob-east-1", "aws-iso-b", "sc2s.sgov.gov"),
            ("eu-isoe-west-1", "aws-iso-e", "cloud.adc-e.uk"),
            ("us-isof-south-1", "aws-iso-f", "csp.hci.ic.gov"),
            ("eusc-de-east-1", "aws-eusc", "amazonaws.eu"),
        ],
    )
    def test_each(self, region: str, partition: str, dns_suffix: str) -> None:
        assert partition_of(region) == partition
        assert dns_suffix_of(region) == dns_suffix
        account = "222222222222"
        assert role_arn(region, account, "r") == f"arn:{partition}:iam::{account}:role/r"
        assert policy_arn(region, account, "a/p") == (f"arn:{partition}:iam::{account}:policy/a/p")
        assert bucket_arn(region, "b") == f"arn:{partition}:s3:::b"
