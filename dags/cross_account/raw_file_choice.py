"""Which raw file a DAG run reads: what its configuration names, else the pipeline's own key.

A run that an upload starts names the version, too, and reads it though a newer one has arrived.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Protocol

from airflow.sdk import Param

from cross_account.failure import PipelineError
from cross_account.schedule import DagRunWithInterval, raw_key_of

_KEY, _VERSION = "raw_key", "raw_version"

_PATTERN = "^raw/."

PARAMETERS = {
    _KEY: Param(
        None,
        type=["null", "string"],
        pattern=_PATTERN,
        description=(
            "The key of the raw file, below raw/, or the prefix of several, with a slash at its "
            "end; the pipeline's own if left out."
        ),
    ),
    _VERSION: Param(
        None,
        type=["null", "string"],
        minLength=1,
        description=(
            "The version id of the object of that key; if left out, the version that is current "
            "when the Glue job begins."
        ),
    ),
}
"""What a DAG run's configuration may choose, as the page's form shows it."""


class RawFileChoiceError(PipelineError):
    """A DAG run's configuration names no raw file."""


class DagRunWithConfiguration(DagRunWithInterval, Protocol):
    """The part of a DAG run that says which raw file it reads."""

    conf: Mapping[str, Any] | None


def raw_key(dag_run: DagRunWithConfiguration, default: str, timezone: str) -> str:
    """The key of a DAG run's raw file; `default` is the pipeline's."""
    return str(_chosen(dag_run, _KEY) or raw_key_of(dag_run, default, timezone))


def raw_version(dag_run: DagRunWithConfiguration) -> str:
    """The version id that a DAG run reads, or nothing for the current one."""
    return str(_chosen(dag_run, _VERSION) or "")


def check_choice(dag_run: DagRunWithConfiguration) -> None:
    """Raise if the configuration names another key than one below raw/, or a version alone.

    Airflow has checked the parameters, unless core.dag_run_conf_overrides_params is off.
    """
    key, version = _chosen(dag_run, _KEY), _chosen(dag_run, _VERSION)
    if key is not None and not re.match(_PATTERN, str(key)):
        raise RawFileChoiceError(
            f"{_KEY}: expected the key of an object below raw/, got {key!r}. "
            "Trigger a new DAG run with such a key, or without one."
        )
    if version is not None and key is None:
        raise RawFileChoiceError(
            f"{_VERSION}: expected {_KEY} beside it, got {version!r} alone. "
            "Trigger a new DAG run with both."
        )
    if version is not None and str(key).endswith("/"):
        raise RawFileChoiceError(
            f"{_VERSION}: expected none beside {key!r}, which stands for several objects, got "
            f"{version!r}. Trigger a new DAG run without it."
        )


def _chosen(dag_run: DagRunWithConfiguration, name: str) -> object | None:
    # Not `params`: core.dag_run_conf_overrides_params may be off.
    return (dag_run.conf or {}).get(name)
