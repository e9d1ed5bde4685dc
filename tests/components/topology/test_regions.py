"""The table of Regions is that of the botocore that is locked for it."""

from __future__ import annotations

import json
import re

import botocore.session
import pytest

from components.topology.regions import REGION_DATA, REGIONS, SERVICE_NAMES, Service, regions_with
from tests.mocks import ROOT


def test_it_was_written_by_the_locked_botocore() -> None:
    lock = (ROOT / "requirements" / "regions.txt").read_text(encoding="utf-8")
    locked = re.search(r"^botocore==(\S+)", lock, re.MULTILINE)
    assert locked
    assert json.loads(REGION_DATA.read_text(encoding="utf-8"))["botocore"] == locked[1]


@pytest.mark.parametrize("service", SERVICE_NAMES)
def test_a_service_is_where_the_emulators_older_botocore_has_it(service: Service) -> None:
    session = botocore.session.get_session()
    older = {
        region
        for partition in session.get_available_partitions()
        for region in session.get_available_regions(service, partition)
    }
    assert older
    assert older <= set(regions_with(service))


def test_a_region_that_botocore_knows_nothing_of_has_no_mwaa_and_may_have_the_rest() -> None:
    assert {"me-west-1", "sa-west-1"} <= set(REGIONS) - set(regions_with("mwaa"))
    assert {"me-west-1", "sa-west-1"} <= set(regions_with("glue")) & set(regions_with("sagemaker"))
