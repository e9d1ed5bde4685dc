"""How DAGs are named: one per pipeline."""

from __future__ import annotations


def data_processing_dag_id(pipeline: str) -> str:
    """The DAG of the data pipeline of this name."""
    return f"cross_account_data_processing_{pipeline}"


def machine_learning_dag_id(pipeline: str) -> str:
    """The DAG of the ML pipeline of this name."""
    return f"cross_account_machine_learning_{pipeline}"
