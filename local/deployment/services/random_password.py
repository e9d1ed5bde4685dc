"""The `random` provider's passwords; nothing of AWS."""

from __future__ import annotations

import secrets
import string

from local.deployment.mocked import Mocked, Outputs
from local.deployment.removal_calls import no_call
from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType
from local.deployment.translation import Rule
from local.deployment.wire import secret

_SPECIAL = "!@#$%&*()-_=+[]{}<>:?"
"""The provider's own choice of special characters."""


def create_password(resource: Resource) -> Created:
    """A password; the output is a secret, as the real one's."""
    alphabet = string.ascii_letters + string.digits
    if resource.inputs.get("special", True):
        alphabet += _SPECIAL
    password = "".join(secrets.choice(alphabet) for _ in range(resource.inputs["length"]))
    return Created("none", {"result": secret(password)})


def mock_password(mocked: Mocked) -> Outputs:
    """A password that tests recognize."""
    keepers = mocked.inputs.get("keepers")
    # Unknown in the preview of a new stack.
    kept = "".join(f"-{key}-{keepers[key]}" for key in keepers) if isinstance(keepers, dict) else ""
    return {"id": "none", "result": f"generated-for-{mocked.name}{kept}", "bcryptHash": "unused"}


RANDOM_PASSWORD = ResourceType(
    token="random:index/randomPassword:RandomPassword",
    service=None,
    properties={"keepers": Rule.HANDLED, "length": Rule.HANDLED, "special": Rule.HANDLED},
    create=create_password,
    remove=no_call,
    mock_outputs=mock_password,
)
