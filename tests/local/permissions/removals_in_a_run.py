"""Statements that are removed while the DAGs run, and where the DAG then fails."""

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

    on: str = ""
    """How the statement's resource ends, where another policy has a statement of that name."""

    def concerns(self, granted: Granted) -> bool:
        """Whether this is the statement."""
        named = (granted.kind, granted.sid) == (self.kind, self.sid)
        return named and (not self.on or granted.resources[0].endswith(self.on))

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
        kind="execution",
        sid="KeyForConnections",
        dag="data",
        task="wait_for_raw_file",
        permission="kms:Decrypt",
    ),
    Removal(
        kind="execution",
        sid="AssumePipelineRoles",
        dag="data",
        task="wait_for_raw_file",
        permission="sts:AssumeRole",
        on="-east1-crossaccount",
    ),
    Removal(
        kind="execution",
        sid="AssumePipelineRoles",
        dag="ML",
        task="choose_run",
        permission="sts:AssumeRole",
        on="-west2-crossaccount",
    ),
    Removal(
        kind="cross-account, data",
        sid="HubExecutionRole",
        dag="data",
        task="wait_for_raw_file",
        permission="sts:AssumeRole",
    ),
    Removal(
        kind="cross-account, data",
        sid="RunJob",
        dag="data",
        task="raw_to_transform",
        permission="glue:GetJobRuns",
    ),
    Removal(
        kind="Glue", sid="WriteData", dag="data", task="raw_to_transform", permission="s3:PutObject"
    ),
    Removal(
        kind="cross-account, ML",
        sid="HandOverTrainingRole",
        dag="ML",
        task="train",
        permission="iam:PassRole",
    ),
    Removal(kind="SageMaker", sid="WriteModel", dag="ML", task="train", permission="s3:PutObject"),
    Removal(
        kind="cross-account, ML",
        sid="CleanUp",
        dag="ML",
        task="dagcleanup",
        permission="lambda:InvokeFunction",
    ),
    Removal(
        kind="Lambda",
        sid="DeleteRunVersions",
        dag="ML",
        task="dagcleanup",
        permission="s3:DeleteObjectVersion",
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
