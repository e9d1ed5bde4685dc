"""Amazon SageMaker: its operations, and how requests reach them. MiniStack has none of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from local.gateway.api import validation
from local.gateway.api.responses import Response, failure
from local.gateway.sagemaker.training_jobs import TrainingJobs
from local.gateway.sagemaker.tuning_jobs import TuningJobs

if TYPE_CHECKING:
    from local.gateway.processes import Children
    from local.gateway.settings import Settings

ROUTING = {"target_prefixes": ["SageMaker."], "host_patterns": [r"sagemaker\."]}
"""How MiniStack's router recognizes a request to SageMaker."""


class SageMaker:
    """The jobs of every account and Region."""

    def __init__(self, settings: Settings, children: Children) -> None:
        training_jobs = TrainingJobs(settings, children)
        self._operations = {
            **training_jobs.operations,
            **TuningJobs(training_jobs).operations,
        }

    async def handle_request(
        self, _method: str, _path: str, headers: dict[str, str], body: bytes, _query: dict[str, Any]
    ) -> Response:
        """Answer one request."""
        name = headers.get("x-amz-target", "").removeprefix("SageMaker.")
        operation = self._operations.get(name)
        if operation is None:
            known = ", ".join(self._operations)
            return failure(
                "ValidationException",
                f"The local run has no {name} of SageMaker; it has {known}.",
            )
        request = json.loads(body or b"{}")
        problems = validation.problems("sagemaker", name, request)
        if problems:
            return failure("ValidationException", "; ".join(problems))
        return operation(request)
