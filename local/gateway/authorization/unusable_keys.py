"""Calls that need a key in a state that allows no use: refused in each service's own words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack.core import iam_evaluator

from local.gateway.authorization.request import AuthorizationRequest, Denied
from local.gateway.stores.keys import key_problem

_UNREADABLE = "Secrets Manager can't decrypt the protected secret text using the provided KMS key."
_UNWRITABLE = (
    "Secrets Manager can't encrypt the protected secret text using the provided KMS key. Check "
    "that the KMS key is available, enabled, and not in an invalid state."
)
_OF_SECRETS = {
    "kms:Decrypt": ("DecryptionFailure", _UNREADABLE),
    "kms:GenerateDataKey": ("EncryptionFailure", _UNWRITABLE),
}

_CODES = (
    *(code for code, _ in _OF_SECRETS.values()),
    "KMS.NotFoundException",
    "KMS.DisabledException",
    "KMS.KMSInvalidStateException",
)


def decision(request: AuthorizationRequest) -> Denied | None:
    """The refusal of a service that needs a key for its caller, where the key can't be used.

    It comes after the policies' decision, as in AWS KMS: a caller without permission isn't told
    the state of the key.
    """
    if request.action not in _OF_SECRETS or request.because_of is None:
        return None
    problem = key_problem(request.resource, request.region)
    if problem is None:
        return None
    if request.because_of.startswith("secretsmanager:"):
        code, message = _OF_SECRETS[request.action]
        return iam_evaluator.AuthError(code, f"{message} ({problem.message})")
    return iam_evaluator.AuthError(f"KMS.{problem.code}", problem.message)


def access_denied_response(original: Callable[..., Any]) -> Callable[..., Any]:
    """Answer with the status of a bad request; MiniStack's denials have the one of a denial."""

    def as_bad_request(*arguments: Any, **options: Any) -> Any:
        status, headers, body = original(*arguments, **options)
        return 400 if options.get("error_code") in _CODES else status, headers, body

    return as_bad_request
