"""A DAG run's configuration holds only what its DAG knows.

Airflow ignores a key that isn't a parameter of the DAG: with a typing error in `run`, a model would
be trained on the newest run instead.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

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
