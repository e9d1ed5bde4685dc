"""The `random` provider's passwords; nothing of AWS."""

from __future__ import annotations

import secrets
import string
from typing import Any

from local.deployment.resource import Created, Resource, creates
from local.deployment.translation import Rule
from local.deployment.wire import secret

_SPECIAL = "!@#$%&*()-_=+[]{}<>:?"
"""The provider's own choice where `overrideSpecial` isn't given."""

_CLASSES = {
    "lower": string.ascii_lowercase,
    "numeric": string.digits,
    "upper": string.ascii_uppercase,
}


@creates(
    "random:index/randomPassword:RandomPassword",
    {
        "keepers": Rule.UNUSED_AT_CREATION,
        "length": Rule.HANDLED,
        "lower": Rule.HANDLED,
        "numeric": Rule.HANDLED,
        "overrideSpecial": Rule.HANDLED,
        "special": Rule.HANDLED,
        "upper": Rule.HANDLED,
    },
)
def create_password(resource: Resource) -> Created:
    """A password; the output is a secret, as the real one's."""
    alphabet = _alphabet(resource.inputs)
    password = "".join(secrets.choice(alphabet) for _ in range(resource.inputs["length"]))
    return Created("none", {"result": secret(password)})


def _alphabet(inputs: Any) -> str:
    alphabet = "".join(letters for name, letters in _CLASSES.items() if inputs.get(name, True))
    if inputs.get("special", True):
        alphabet += inputs.get("overrideSpecial", _SPECIAL)
    return alphabet
