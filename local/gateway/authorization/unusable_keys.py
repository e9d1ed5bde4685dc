"""Calls that need a key which nobody can use, refused as each service does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack.core import iam_evaluator

from local.gateway.authorization.request import Denial, Question
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


def denial(asked: Question) -> Denial | None:
    """The service's refusal of what it asked of a key in a caller's name, if the key is unusable.

    AWS KMS looks at who asks first: a caller without the right learns nothing of the key.
    """
    if asked.action not in _OF_SECRETS or asked.because_of is None:
        return None
    problem = key_problem(asked.resource, asked.region)
    if problem is None:
        return None
    if asked.because_of.startswith("secretsmanager:"):
        code, message = _OF_SECRETS[asked.action]
        return iam_evaluator.AuthError(code, f"{message} ({problem.message})")
    return iam_evaluator.AuthError(f"KMS.{problem.code}", problem.message)


def access_denied_response(original: Callable[..., Any]) -> Callable[..., Any]:
    """Respond with the status of a bad request, where MiniStack's denials have that of a denial."""

    def as_bad_request(*arguments: Any, **options: Any) -> Any:
        status, headers, body = original(*arguments, **options)
        return 400 if options.get("error_code") in _CODES else status, headers, body

    return as_bad_request
