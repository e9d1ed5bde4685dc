"""Mypy reads the types of those AWS services alone that pyproject.toml lists."""

import re
import tomllib
from pathlib import Path

import pulumi_aws

ROOT = Path(__file__).resolve().parents[1]
CODE = ("__main__.py", "bootstrap/**/*.py", "components/**/*.py")
USE = re.compile(r"(?<![\w.])aws\.(\w+)\.|from pulumi_aws import (\w+)")
"""Everywhere, `aws` is pulumi_aws."""


def test_the_types_of_every_service_that_is_used_are_checked() -> None:
    """Of any other one, mypy would let each argument pass."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]["overrides"]
    (read,) = [each["module"] for each in settings if each.get("follow_imports") == "normal"]
    services = {path.parent.name for path in Path(pulumi_aws.__path__[0]).glob("*/__init__.py")}
    files = [path for pattern in CODE for path in ROOT.glob(pattern)]
    used = {name for path in files for pair in USE.findall(path.read_text()) for name in pair}

    assert {f"pulumi_aws.{name}.*" for name in used & services} <= set(read)
