"""When S3 removes an object by itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_DATE = re.compile(r'expiry-date="([^"]+)"')


def expiry_of(answer: Mapping[str, Any]) -> str | None:
    """The date in S3's answer about an object; None where no rule removes it, or S3 doesn't say."""
    found = _DATE.search(answer.get("Expiration", ""))
    return found and found[1]
