"""How DAGs are named: one per pipeline.

The ids are short, because Amazon MWAA's InvokeRestApi takes paths of at most 64 characters, and
most paths contain an id and a DAG run's id. The Airflow page shows the display name.
"""

from __future__ import annotations


def data_processing_dag_id(pipeline: str) -> str:
    """The DAG of the data pipeline of this name."""
    return f"data_{pipeline}"


def machine_learning_dag_id(pipeline: str) -> str:
    """The DAG of the ML pipeline of this name."""
    return f"ml_{pipeline}"
