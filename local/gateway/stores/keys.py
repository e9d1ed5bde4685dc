"""Keys in a state that allows no use: disabled, pending deletion, in another Region, or missing."""
# ruff: noqa: SLF001 -- reads MiniStack's own stores

from __future__ import annotations

from dataclasses import dataclass

from ministack.services import kms


@dataclass(frozen=True, kw_only=True)
class KeyProblem:
    """Why AWS KMS refuses any use of a key, in its own words."""

    code: str
    message: str


def key_problem(key_arn: str, region: str) -> KeyProblem | None:
    """Why no caller in `region` can use the key; None for a key that works."""
    _, _, _, key_region, account_id, resource = key_arn.split(":", 5)
    if key_region != region:
        return KeyProblem(code="NotFoundException", message=f"Invalid arn {key_region}")
    key = kms._keys.get_scoped(account_id, region, resource.removeprefix("key/"))
    if key is None:
        return KeyProblem(code="NotFoundException", message=f"Key '{key_arn}' does not exist")
    if key["KeyState"] == "Disabled":
        return KeyProblem(code="DisabledException", message=f"{key_arn} is disabled.")
    if key["KeyState"] == "PendingDeletion":
        message = f"{key_arn} is pending deletion."
        return KeyProblem(code="KMSInvalidStateException", message=message)
    return None
