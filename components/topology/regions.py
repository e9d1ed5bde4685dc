"""AWS's Regions and what they lack, from the newest botocore (ADR 79)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

Service = Literal["mwaa", "glue", "sagemaker"]

REGION_DATA = Path(__file__).with_name("regions.json")
"""What `make lock` writes."""

_DATA = json.loads(REGION_DATA.read_text(encoding="utf-8"))

REGIONS: tuple[str, ...] = tuple(_DATA["regions"])
"""Every Region of every partition."""

SERVICE_NAMES: dict[Service, str] = {
    "mwaa": "Amazon MWAA",
    "glue": "AWS Glue",
    "sagemaker": "Amazon SageMaker AI",
}


def regions_with(service: Service) -> list[str]:
    """The Regions that aren't known to lack a service."""
    return [region for region in REGIONS if region not in _DATA["without"][service]]
