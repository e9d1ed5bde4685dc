"""Statements that are removed while the DAGs run, and where the DAG then fails.

One of each kind of caller: a worker, Spark, a training and the clean-up function. All the others
are replayed on the recorded calls (test_each_statement_removed.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tests.local.permissions.policy_statements import Granted


@dataclass(frozen=True, kw_only=True)
class Removal:
    """One statement less, and the first task that fails for it."""

    kind: str
    sid: str
    dag: Literal["data", "ML"]
    task: str
    permission: str
    """What the task's log says is missing."""

    def concerns(self, granted: Granted) -> bool:
        """Whether this is the statement."""
        return (granted.kind, granted.sid) == (self.kind, self.sid)

    @property
    def text(self) -> str:
        """What happens, for the page."""
        return f"the task `{self.task}` fails: `{self.permission}`"


REMOVALS = [
    Removal(
        kind="execution",
        sid="ReadConnections",
        dag="data",
        task="wait_for_raw_file",
        permission="secretsmanager:GetSecretValue",
    ),
    Removal(
        kind="Glue", sid="WriteData", dag="data", task="raw_to_transform", permission="s3:PutObject"
    ),
    Removal(kind="SageMaker", sid="WriteModel", dag="ML", task="train", permission="s3:PutObject"),
    Removal(
        kind="Lambda",
        sid="MarkTrainedRows",
        dag="ML",
        task="dagcleanup",
        permission="s3:PutObjectTagging",
    ),
]

REPLICATION = "WriteReplicas"
"""The replication role's statement that is removed."""

REPLICATION_TEXT = (
    "no replica arrives, the object is `FAILED` and `s3:ReplicateObject` is logged; "
    "the ML DAG waits"
)


def in_a_run(granted: Granted) -> str:
    """What a run without the statement does, where one was made."""
    if (granted.kind, granted.sid) == ("replication", REPLICATION):
        return REPLICATION_TEXT
    return next((each.text for each in REMOVALS if each.concerns(granted)), "")
