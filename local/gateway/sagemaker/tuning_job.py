"""One tuning job: training jobs with chosen hyperparameters, several at a time, and the best."""

from __future__ import annotations

import hashlib
import logging
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from local.gateway.sagemaker import tuning_request
from local.gateway.sagemaker.training_job import TrainingJob
from local.gateway.sagemaker.tuning_choice import choose

_logger = logging.getLogger(__name__)

_POLL_SECONDS = 0.1
_COUNTERS = {
    "Completed": "Completed",
    "InProgress": "InProgress",
    "Stopping": "InProgress",
    "Failed": "NonRetryableError",
    "Stopped": "Stopped",
}
_COUNTED = (*dict.fromkeys(_COUNTERS.values()), "RetryableError")
_OBJECTIVES = ("Succeeded", "Pending", "Failed")
_ALL_FAILED = (
    "All training jobs failed. Please take a look at the training jobs to get more details."
)


@dataclass(kw_only=True)
class TuningJob:
    """A tuning job; `record` is what DescribeHyperParameterTuningJob returns of it by itself.

    `start` starts a training job.
    """

    request: dict[str, Any]
    record: dict[str, Any]
    start: Callable[[dict[str, Any]], TrainingJob]
    jobs: list[TrainingJob] = field(default_factory=list)
    tuned: list[dict[str, str]] = field(default_factory=list)
    """The chosen hyperparameters of each of `jobs`."""

    @property
    def name(self) -> str:
        """The job's name."""
        return str(self.request["HyperParameterTuningJobName"])

    def execute(self) -> None:
        """Run to the end, and write the result to the record."""
        try:
            self._search()
        except Exception as error:
            _logger.exception("tuning job %s", self.name)
            self._end("Failed", f"InternalServerError: the local run could not tune: {error!r}")
        _logger.info("tuning job %s: %s", self.name, self.record["HyperParameterTuningJobStatus"])

    def _search(self) -> None:
        limits = self.request["HyperParameterTuningJobConfig"]["ResourceLimits"]
        while len(self.jobs) < limits["MaxNumberOfTrainingJobs"] or self._running():
            while (
                len(self.jobs) < limits["MaxNumberOfTrainingJobs"]
                and self._running() < limits["MaxParallelTrainingJobs"]
            ):
                self._start_next()
            time.sleep(_POLL_SECONDS)
        if any(job.record["TrainingJobStatus"] == "Completed" for job in self.jobs):
            self._end("Completed")
        else:
            self._end("Failed", _ALL_FAILED)

    def _start_next(self) -> None:
        number = len(self.jobs) + 1
        seed = f"{self.name}-{number}"
        chosen = choose(tuning_request.ranges(self.request), seed, self.tuned)
        ending = hashlib.sha256(seed.encode()).hexdigest()[:8]
        name = f"{self.name}-{number:03d}-{ending}"
        job = self.start(tuning_request.training_request(self.request, name, chosen))
        self.tuned.append(chosen)
        self.jobs.append(job)

    def _running(self) -> int:
        return sum(_COUNTERS[job.record["TrainingJobStatus"]] == "InProgress" for job in self.jobs)

    def _end(self, status: str, reason: str | None = None) -> None:
        now = time.time()
        self.record.update(
            HyperParameterTuningJobStatus=status,
            HyperParameterTuningEndTime=now,
            LastModifiedTime=now,
            **({} if reason is None else {"FailureReason": reason[:1024]}),
        )

    def described(self) -> dict[str, Any]:
        """The record, with the training jobs as they are now."""
        summaries = self.summaries()
        statuses = [_COUNTERS[each["TrainingJobStatus"]] for each in summaries]
        objectives = [each["ObjectiveStatus"] for each in summaries]
        best = self._best(summaries)
        return {
            **self.record,
            "TrainingJobStatusCounters": {each: statuses.count(each) for each in _COUNTED},
            "ObjectiveStatusCounters": {each: objectives.count(each) for each in _OBJECTIVES},
            **({} if best is None else {"BestTrainingJob": best}),
        }

    def summaries(self) -> list[dict[str, Any]]:
        """What the list of the tuning job's training jobs has of each, in the order of starts."""
        pairs = zip(list(self.jobs), self.tuned, strict=False)
        return [self._summary(dict(job.record), chosen) for job, chosen in pairs]

    def _summary(self, record: Mapping[str, Any], chosen: dict[str, str]) -> dict[str, Any]:
        shown = ("TrainingJobName", "TrainingJobArn", "CreationTime", "TrainingJobStatus")
        where = ("TrainingStartTime", "TrainingEndTime", "FailureReason")
        value = self._value(record)
        is_running = _COUNTERS[record["TrainingJobStatus"]] == "InProgress"
        ended = "Failed" if value is None else "Succeeded"
        metric = {"MetricName": self._objective["MetricName"], "Value": value}
        return {
            **{member: record[member] for member in shown},
            **{member: record[member] for member in where if member in record},
            "TunedHyperParameters": chosen,
            "ObjectiveStatus": "Pending" if is_running else ended,
            **({} if value is None else {"FinalHyperParameterTuningJobObjectiveMetric": metric}),
        }

    @property
    def _objective(self) -> Mapping[str, Any]:
        return tuning_request.objective(self.request)

    def _value(self, record: Mapping[str, Any]) -> float | None:
        for metric in record.get("FinalMetricDataList", []):
            if metric["MetricName"] == self._objective["MetricName"]:
                value = float(metric["Value"])
                return value if math.isfinite(value) else None
        return None

    def _best(self, summaries: list[dict[str, Any]]) -> dict[str, Any] | None:
        scored = [
            (each["FinalHyperParameterTuningJobObjectiveMetric"]["Value"], each)
            for each in summaries
            if each["ObjectiveStatus"] == "Succeeded"
        ]
        choose_best = max if self._objective["Type"] == "Maximize" else min
        return choose_best(scored, key=lambda pair: pair[0])[1] if scored else None
