"""Defining only the DAGs that Airflow needs."""

from __future__ import annotations

from airflow.sdk import get_parsing_context


def is_wanted(dag_id: str) -> bool:
    """Whether Airflow needs this DAG now: for a task, it needs only the task's own.

    Each task parses its DAG file again, and a hundred DAGs take 0.3 to 0.4 seconds.
    """
    return get_parsing_context().dag_id in {None, dag_id}
