"""How DAGs are named: one per pipeline.

The ids are short, because Amazon MWAA's InvokeRestApi takes paths of at most 64 characters, and
most paths contain an id and a DAG run's id. The Airflow page shows the display name.
"""

from __future__ import annotations


def data_processing_dag_id(pipeline: str) -> str:
    """The DAG of the data pipeline of this name."""
    return f"data_{pipeline}"


def triggered_run_id(run: str, source: str, *, is_one_of_several: bool) -> str:
    """The id of the DAG run of an ML pipeline that `run` of the data pipeline `source` triggers.

    Several sources may have runs of one name. With 34 characters the path of a DAG run still fits.
    """
    return f"{run}_{source}" if is_one_of_several else run


def machine_learning_dag_id(pipeline: str) -> str:
    """The DAG of the ML pipeline of this name."""
    return f"ml_{pipeline}"
