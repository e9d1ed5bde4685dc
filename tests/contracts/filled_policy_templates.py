"""The templates in `policies/`, filled in by the commands of docs/deploy-roles.md, and evaluated.

The evaluator is the embedded AWS's, which knows the conditions that the templates use.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from ministack.core import iam_evaluator

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "deploy-roles.md"

ALLOW_ALL = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"},
}


@cache
def filled(template: str, *, stack: str, account_id: str, region: str, regions: str) -> Any:
    """The policy that an administrator gets by following the guide with these values."""
    values = {
        "STACK": stack,
        "ACCOUNT_ID": account_id,
        "REGION": region,
        "REGIONS": regions,
        "DEPLOYER_ARN": f"arn:aws:iam::{account_id}:role/platform-engineers",
    }
    return json.loads(_guide(values, f"fill {template}"))


@cache
def deploy_role_name(stack: str) -> str:
    """The name that the guide gives to the deploy roles of a stack."""
    return _guide({"STACK": stack}, 'echo "$ROLE"').strip()


def _guide(values: Mapping[str, str], command: str) -> str:
    """What `command` prints after the guide's own commands, with these values."""
    script = _commands()
    for name, value in values.items():
        script, count = re.subn(rf"^{name}=\S+", f"{name}={value}", script, flags=re.MULTILINE)
        assert count == 1, f"the guide sets {name} {count} times"
    done = subprocess.run(
        ["sh", "-euc", f"{script}\n{command}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def _commands() -> str:
    """The guide's block of commands that ends with the function `fill`."""
    blocks = re.findall(r"```sh\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    (block,) = [each for each in blocks if "fill() {" in each]
    return str(block)


def decision(
    policies: Sequence[Mapping[str, Any]],
    action: str,
    resource: str = "*",
    *,
    region: str,
    conditions: Mapping[str, str | list[str]] | None = None,
    boundary: Mapping[str, Any] | None = None,
) -> str:
    """`Allow`, `Deny` or `ImplicitDeny`, for a role with these policies within `boundary`."""
    context = iam_evaluator.EvalContext(
        principal_arn="arn:aws:sts::111111111111:assumed-role/role/session",
        principal_type="AssumedRole",
        principal_account="111111111111",
        action=action,
        resource_arn=resource,
        region=region,
        secure_transport=True,
        service_context={key.lower(): value for key, value in (conditions or {}).items()},
    )
    parsed = [iam_evaluator.parse_policy_document(dict(each)) for each in policies]
    limits = [] if boundary is None else [[iam_evaluator.parse_policy_document(dict(boundary))]]
    return str(iam_evaluator.evaluate(context, parsed, *limits).decision)
