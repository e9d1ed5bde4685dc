"""One change of a stack, so that a run shows that the deploy roles can make it."""

from __future__ import annotations

import json
from dataclasses import replace

from components.topology.limits import GLUE_TIMEOUT_MINUTES
from components.topology.model.data_pipeline import GlueJob
from local.deployment.stack_file import Stack

_DEFAULT: int = GlueJob.model_fields["timeout_minutes"].default


def with_change(stack: Stack) -> Stack:
    """`stack` with a minute more for one data pipeline's Glue job, or one less at the limit.

    It takes an update of the job, and of what the DAGs read of it.
    """
    key = f"{stack.project}:topology"
    topology = json.loads(stack.config[key])
    pipeline = topology["data_pipelines"][min(topology["data_pipelines"])]
    glue = pipeline.get("glue") or {}
    minutes = glue.get("timeout_minutes", _DEFAULT)
    minutes += 1 if minutes < GLUE_TIMEOUT_MINUTES[1] else -1
    pipeline["glue"] = {**glue, "timeout_minutes": minutes}
    return replace(stack, config={**stack.config, key: json.dumps(topology)})
