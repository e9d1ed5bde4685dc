"""Writes what botocore knows of AWS's Regions into `components/topology/regions.json`.

`make lock` runs this file by itself, beside the botocore of `requirements/regions.txt`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import botocore
import botocore.session

SERVICES = ("mwaa", "glue", "sagemaker")
"""The hub's service, a data pipeline's and an ML pipeline's, by botocore's names."""


def region_data() -> dict[str, Any]:
    """Every Region of every partition, and those without one of the services."""
    session = botocore.session.get_session()
    partitions = session.get_component("data_loader").load_data("partitions")["partitions"]
    regions = sorted(
        region
        for partition in partitions
        for region in partition["regions"]
        if not region.endswith("-global")
    )
    return {
        "botocore": botocore.__version__,
        "regions": regions,
        "without": {service: _without(session, service, regions) for service in SERVICES},
    }


def _without(session: Any, service: str, regions: list[str]) -> list[str]:
    # botocore knows the newest Regions before it knows what is there: only Amazon MWAA, without
    # which the most is created in vain, is taken to be missing then.
    known = set(regions) if service == "mwaa" else _available(session, "ec2")
    return [each for each in regions if each in known - _available(session, service)]


def _available(session: Any, service: str) -> set[str]:
    return {
        region
        for partition in session.get_available_partitions()
        for region in session.get_available_regions(service, partition)
    }


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(region_data(), indent=2) + "\n", encoding="utf-8")
