"""S3 Control calls a host whose name begins with the account's id, also where an endpoint is given.

An endpoint on this machine has no such name. botocore's `inject_host_prefix` doesn't count here:
the service's endpoint rules put the id there.
"""

from __future__ import annotations

import re
from typing import Any

_ACCOUNT = re.compile(r"^(https?://)\d{12}\.")


def keep_host(client: Any) -> None:
    """Have an S3 Control client call its endpoint by the endpoint's own name."""
    client.meta.events.register("before-sign.s3-control", _without_account)


def _without_account(request: Any, **_: Any) -> None:
    request.url = _ACCOUNT.sub(r"\1", request.url)
