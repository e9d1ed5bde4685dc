"""The metrics of runs, as dags/cross_account/metrics.py writes them. Doesn't import Pulumi."""

from __future__ import annotations

from components.aws.naming import Names

RUNS = "UnifiedPipelines"
"""The namespace of the metrics that the stack itself writes."""


def of_pipeline(names: Names, pipeline: str) -> dict[str, str]:
    """The dimensions of a pipeline's metrics."""
    return {"Stack": names.prefix, "Pipeline": pipeline}
