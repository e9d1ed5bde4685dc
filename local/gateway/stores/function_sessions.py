"""The sessions in which functions' own code makes its calls."""

from __future__ import annotations

_functions: dict[str, str] = {}
"""Functions' ARNs by access key id."""


def note(access_key_id: str, function_arn: str) -> None:
    """Keep that the function has the session's credentials."""
    _functions[access_key_id] = function_arn


def condition_keys(access_key_id: str) -> dict[str, str]:
    """What AWS tells policies of a call with these credentials: the function, if it is one's."""
    function = _functions.get(access_key_id)
    return {} if function is None else {"lambda:SourceFunctionArn": function}
