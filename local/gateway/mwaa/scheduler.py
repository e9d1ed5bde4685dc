"""Airflow's scheduler, which imports first what every task of the DAGs imports.

Its workers are forks of it, and each task is a fork of a worker: what is imported here is imported
once, and not by every task again. Airflow's interpreter runs this file as a script.
"""

from __future__ import annotations

import importlib
import inspect
import sys

_MODULES = (
    "airflow.providers.amazon.aws.operators.glue",
    "airflow.providers.amazon.aws.operators.lambda_function",
    "airflow.providers.amazon.aws.operators.sagemaker",
    "airflow.providers.amazon.aws.secrets.secrets_manager",
    "airflow.providers.amazon.aws.sensors.s3",
    "airflow.providers.standard.operators.trigger_dagrun",
    "airflow.sdk.execution_time.task_runner",
)


def main() -> None:
    """Run `airflow scheduler` with this script's arguments."""
    for module in _MODULES:
        importlib.import_module(module)
    # The AWS hooks look for their caller by it, which at first reads every module's path.
    inspect.stack()
    sys.argv = ["airflow", "scheduler", *sys.argv[1:]]
    importlib.import_module("airflow.__main__").main()


if __name__ == "__main__":
    main()
