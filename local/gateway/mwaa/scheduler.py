"""Airflow's scheduler, which imports and reads first what every task of the DAGs needs.

Its workers are forks of it, and each task is a fork of a worker: what is imported or read here,
such as botocore's descriptions of the services, isn't by every task again. Airflow's interpreter
runs this file as a script.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import sys

from botocore import loaders, session

_MODULES = (
    "airflow.providers.amazon.aws.operators.glue",
    "airflow.providers.amazon.aws.operators.lambda_function",
    "airflow.providers.amazon.aws.operators.sagemaker",
    "airflow.providers.amazon.aws.secrets.secrets_manager",
    "airflow.providers.amazon.aws.sensors.s3",
    "airflow.providers.standard.operators.trigger_dagrun",
    "airflow.sdk.execution_time.task_runner",
)

_SERVICES = ("glue", "lambda", "s3", "sagemaker", "secretsmanager", "sts")
"""The services that the tasks call."""


def read_services() -> None:
    """Read the services' descriptions, which every session of botocore shares from then on.

    Reading them was half of a task's processor time.
    """
    session.create_loader = functools.cache(loaders.create_loader)
    for service in _SERVICES:
        session.Session().create_client(service, region_name="us-east-1")


def main() -> None:
    """Run `airflow scheduler` with this script's arguments."""
    for module in _MODULES:
        importlib.import_module(module)
    read_services()
    # The AWS hooks look for their caller in it, and read no lines of source around the calls.
    inspect.stack = functools.partial(inspect.stack, 0)
    sys.argv = ["airflow", "scheduler", *sys.argv[1:]]
    importlib.import_module("airflow.__main__").main()


if __name__ == "__main__":
    main()
