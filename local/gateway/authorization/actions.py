"""The action of a request, where MiniStack authorizes another one than AWS."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ministack.core import iam_actions

if TYPE_CHECKING:
    from local.gateway.api.request import Request


def iam_action(request: Request, action: str, resource: str) -> str:
    """The action that AWS authorizes on `resource`, where MiniStack authorizes `action`.

    AWS authorizes DeleteObjects entry by entry: another action where the entry names a version.
    MiniStack ignores the version of the first entry. AWS Budgets has one action for all changes.
    """
    if action.startswith("budgets:") and action.endswith("Budget"):
        return "budgets:ViewBudget" if ":Describe" in action else "budgets:ModifyBudget"
    if action != "s3:DeleteObject" or request.method != "POST":
        return action
    bucket = request.path.strip("/").partition("/")[0]
    entries = iam_actions._s3_batch_delete_targets(bucket, request.body)  # noqa: SLF001
    if entries and entries[0][0] == resource and entries[0][1]:
        return "s3:DeleteObjectVersion"
    return action


_OF_MAPPINGS = {
    "DELETE": "DeleteEventSourceMapping",
    "GET": "GetEventSourceMapping",
    "PUT": "UpdateEventSourceMapping",
}


def lambda_action(
    original: Callable[[str, str], str | None],
) -> Callable[[str, str], str | None]:
    """Lambda's action for one event source mapping, which MiniStack lists or doesn't authorize."""

    def acting(method: str, path: str) -> str | None:
        collection, _, identifier = path.strip("/").rpartition("/")
        is_mapping = collection.endswith("/event-source-mappings") and bool(identifier)
        return _OF_MAPPINGS.get(method) if is_mapping else original(method, path)

    return acting
