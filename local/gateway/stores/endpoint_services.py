"""The endpoint services that other services offer to a network, such as an environment's database.

By name, in all accounts: whom AWS lets connect to each isn't looked at.
"""

from __future__ import annotations

import secrets

ENDPOINT_SERVICES: set[str] = set()


def offered(region: str) -> str:
    """The name of a new endpoint service in `region`."""
    name = f"com.amazonaws.vpce.{region}.vpce-svc-{secrets.token_hex(9)[:17]}"
    ENDPOINT_SERVICES.add(name)
    return name
