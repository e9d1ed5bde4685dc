"""What every task checks before it does anything."""

from __future__ import annotations

from typing import Any

from cross_account.connection_guard import require_role
from cross_account.failure import failing_at_once
from cross_account.run_configuration import check_keys


def check_task(context: Any) -> None:
    """`pre_execute` of every task: the DAG run's configuration, then the task's connection."""
    with failing_at_once():
        check_keys(context["dag_run"].conf or {}, context["dag"].params)
    require_role(context)
