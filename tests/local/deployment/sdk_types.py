"""What the SDK says about a resource type."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pulumi_random
from pulumi import _types


def sdk_types(token: str) -> dict[str, Any]:
    """Every property of a type token such as `aws:s3/bucket:Bucket`, with its type."""
    package, module, name = token.split(":")
    # `lambda` is a keyword of Python.
    folder = module.partition("/")[0].replace("lambda", "lambda_")
    sdk = pulumi_random if package == "random" else import_module(f"pulumi_aws.{folder}")
    types: dict[str, Any] = _types.resource_types(getattr(sdk, name))
    return types
