"""A DAG run's configuration holds only what its DAG knows.

Airflow ignores a key that isn't a parameter of the DAG: with a typing error in `run`, a model would
be trained on the newest run instead.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from cross_account.failure import PipelineError
from cross_account.wording import some


class RunConfigurationError(PipelineError):
    """A DAG run was started with a key that its DAG doesn't know."""


def check_keys(configuration: Mapping[str, object], known: Collection[str]) -> None:
    """Raise if `configuration` has keys besides the `known` ones."""
    unknown = sorted(configuration.keys() - set(known))
    if unknown:
        raise RunConfigurationError(
            f"The DAG run's configuration has unknown keys: {some(unknown)}; expected "
            f"{some(sorted(known))}. Trigger a new DAG run without them."
        )


def given(name: str, dag_run: Any, params: Mapping[str, Any]) -> Any:
    """What a DAG run's configuration, else the form, says of a parameter.

    Not `params` alone: core.dag_run_conf_overrides_params may be off, and then the newest run would
    be chosen silently instead of the one that the triggering DAG passes.
    """
    return (dag_run.conf or {}).get(name, params[name])
