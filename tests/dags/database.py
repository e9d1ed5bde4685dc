"""The database of the tests' Airflow."""

from __future__ import annotations

from airflow.cli.cli_parser import get_parser


def fill_database() -> None:
    """Migrate it, and have it know every DAG and asset."""
    for command in (["db", "migrate"], ["dags", "reserialize"]):
        arguments = get_parser().parse_args(command)
        arguments.func(arguments)
