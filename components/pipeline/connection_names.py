"""The names of a pipeline's Airflow connection, in Airflow and in Secrets Manager."""

from __future__ import annotations


def connection_id(pipeline: str) -> str:
    """The id of the Airflow connection through which the hub reaches `pipeline`."""
    return f"aws_crossaccount_role_conn_{pipeline}"


def connections_prefix(environment: str) -> str:
    """What the Secrets Manager entries of the environment's connections begin with, less `/`."""
    return f"{environment}/connections"


def connection_secret_name(environment: str, pipeline: str) -> str:
    """The Secrets Manager entry that holds the connection of `pipeline`."""
    return f"{connections_prefix(environment)}/{connection_id(pipeline)}"
