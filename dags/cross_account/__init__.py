"""What the two DAG files share, and what a DAG of a team's own imports from here.

No DAG is defined here. The names are looked up when they are first used: the commands read single
modules of this package where there is no Airflow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cross_account.own_dags import (
        access,
        data_pipeline,
        last_complete_run,
        ml_pipeline,
        open_bucket,
        require_role,
    )

__all__ = [
    "access",
    "data_pipeline",
    "last_complete_run",
    "ml_pipeline",
    "open_bucket",
    "require_role",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from cross_account import own_dags

    return getattr(own_dags, name)
