"""AWS partitions: how a Region tells the partition that it belongs to."""

from __future__ import annotations

from typing import NamedTuple

COMMERCIAL = "aws"
"""The partition of every Region that isn't a country's or a government's own."""


class _Partition(NamedTuple):
    """How the names of one AWS partition differ from those of the others."""

    region_start: str
    name: str
    dns_suffix: str


# botocore's endpoints.json. The commercial partition is last: it takes every other Region.
_PARTITIONS = (
    _Partition("cn-", "aws-cn", "amazonaws.com.cn"),
    _Partition("us-gov-", "aws-us-gov", "amazonaws.com"),
    _Partition("us-isob-", "aws-iso-b", "sc2s.sgov.gov"),
    _Partition("us-isof-", "aws-iso-f", "csp.hci.ic.gov"),
    _Partition("us-iso-", "aws-iso", "c2s.ic.gov"),
    _Partition("eu-isoe-", "aws-iso-e", "cloud.adc-e.uk"),
    _Partition("eusc-", "aws-eusc", "amazonaws.eu"),
    _Partition("", COMMERCIAL, "amazonaws.com"),
)


def _partition(region: str) -> _Partition:
    return next(known for known in _PARTITIONS if region.startswith(known.region_start))


def partition_of(region: str) -> str:
    """The AWS partition that holds `region`, for ARNs."""
    return _partition(region).name


def dns_suffix_of(region: str) -> str:
    """The end of the host names of the partition that holds `region`."""
    return _partition(region).dns_suffix
