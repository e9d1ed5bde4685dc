"""StartJobRun and BatchStopJobRun. The rest of AWS Glue is MiniStack's."""
# ruff: noqa: SLF001 -- reads and writes MiniStack's own stores

from __future__ import annotations

import secrets
import threading
import time
from typing import TYPE_CHECKING, Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import glue, iam

from local.gateway.api.responses import Response, failure, success
from local.gateway.glue import network
from local.gateway.glue.job_run import DEFAULT_LOG_GROUP, Run, arguments_of
from local.gateway.sts.service_sessions import Caller, CannotAssumeRoleError, ServiceSession, assume

if TYPE_CHECKING:
    from local.gateway.processes import Children
    from local.gateway.settings import Settings

_ACTIVE = frozenset({"STARTING", "RUNNING", "STOPPING", "WAITING"})
_STOPPABLE = frozenset({"STARTING", "RUNNING", "WAITING"})


def _role_arn(role: str) -> str:
    if role.startswith("arn:"):
        return role
    known = iam._roles.get(role) or {}
    return str(known.get("Arn", f"arn:aws:iam::{get_account_id()}:role/{role}"))


def _session(job: dict[str, Any], run_id: str, policy: str | None) -> ServiceSession:
    caller = Caller(
        service="glue.amazonaws.com",
        source_arn=f"arn:aws:glue:{get_region()}:{get_account_id()}:job/{job['Name']}",
        account_id=get_account_id(),
        region=get_region(),
    )
    name = f"GlueJobRunnerSession-{run_id[:12]}"
    return assume(_role_arn(job["Role"]), caller, name, policy)


def _log_key(job: dict[str, Any]) -> str | None:
    name = job.get("SecurityConfiguration")
    configuration = glue._security_configs.get(name) if name else None
    encryption = (
        (configuration or {}).get("EncryptionConfiguration", {}).get("CloudWatchEncryption")
    )
    if not encryption or encryption.get("CloudWatchEncryptionMode") != "SSE-KMS":
        return None
    return str(encryption["KmsKeyArn"])


def _log_groups(job: dict[str, Any], arguments: dict[str, str]) -> str:
    """The prefix of the names of a run's log groups, without the slash at its end.

    With an encrypting security configuration it contains that name and the role's: "Logging for
    AWS Glue jobs" in the developer guide of AWS Glue.
    """
    prefix = arguments.get("--custom-logGroup-prefix", DEFAULT_LOG_GROUP)
    if _log_key(job) is None:
        return prefix
    role = _role_arn(job["Role"]).partition(":role/")[2]
    return f"{prefix}/{job['SecurityConfiguration']}-role/{role}"


def _record(job: dict[str, Any], request: dict[str, Any], run_id: str) -> dict[str, Any]:
    """What GetJobRun returns from the start."""
    arguments = arguments_of(job, request.get("Arguments", {}))
    now = time.time()
    return {
        "Id": run_id,
        "Attempt": 0,
        "JobName": job["Name"],
        "StartedOn": now,
        "LastModifiedOn": now,
        "CompletedOn": None,
        "JobRunState": "STARTING",
        "Arguments": arguments,
        "ErrorMessage": "",
        "PredecessorRuns": [],
        "AllocatedCapacity": job.get("NumberOfWorkers", 2),
        "ExecutionTime": 0,
        "Timeout": request.get("Timeout") or job.get("Timeout", 2880),
        "WorkerType": job.get("WorkerType", "G.1X"),
        "NumberOfWorkers": job.get("NumberOfWorkers", 2),
        "SecurityConfiguration": job.get("SecurityConfiguration", ""),
        "GlueVersion": job.get("GlueVersion", "3.0"),
        "LogGroupName": _log_groups(job, arguments),
        "ExecutionClass": job.get("ExecutionClass", "STANDARD"),
    }


class GlueRuns:
    """StartJobRun and BatchStopJobRun."""

    def __init__(self, settings: Settings, children: Children) -> None:
        self._settings = settings
        self._children = children
        self._lock = threading.Lock()
        self._runs: dict[str, Run] = {}

    def start(self, request: dict[str, Any]) -> Response:
        """StartJobRun."""
        name = request.get("JobName")
        job = glue._jobs.get(name)
        if job is None:
            return failure(
                "EntityNotFoundException",
                f"There is no job {name}.",
            )
        run_id = f"jr_{secrets.token_hex(32)}"
        try:
            session = _session(job, run_id, request.get("ExecutionRoleSessionPolicy"))
        except CannotAssumeRoleError as error:
            return failure("InvalidInputException", str(error))
        with self._lock:
            runs = glue._job_runs.setdefault(name, [])
            most = job.get("ExecutionProperty", {}).get("MaxConcurrentRuns", 1)
            if sum(run["JobRunState"] in _ACTIVE for run in runs) >= most:
                return failure(
                    "ConcurrentRunsExceededException", f"Concurrent runs exceeded for {name}"
                )
            run = self._run(job, request, run_id, session)
            runs.insert(0, run.record)  # GetJobRuns lists the newest first
            self._runs[run_id] = run
        threading.Thread(target=run.execute, name=f"glue-{run_id[:12]}", daemon=True).start()
        return success({"JobRunId": run_id})

    def _run(
        self, job: dict[str, Any], request: dict[str, Any], run_id: str, session: ServiceSession
    ) -> Run:
        record = _record(job, request, run_id)
        return Run(
            record=record,
            script_location=record["Arguments"].get(
                "--scriptLocation", job["Command"]["ScriptLocation"]
            ),
            session=session,
            settings=self._settings,
            children=self._children,
            log_key_arn=_log_key(job),
            refusal=network.problem(job, _role_arn(job["Role"])),
        )

    def stop(self, request: dict[str, Any]) -> Response:
        """BatchStopJobRun."""
        name, stopped, errors = request["JobName"], [], []
        known = {run["Id"] for run in glue._job_runs.get(name, [])}
        for run_id in request["JobRunIds"]:
            run = self._runs.get(run_id) if run_id in known else None
            row = {"JobName": name, "JobRunId": run_id}
            if run is None:
                errors.append(row | _detail("EntityNotFoundException", "Job run not found."))
            elif run.record["JobRunState"] not in _STOPPABLE:
                state = run.record["JobRunState"]
                errors.append(row | _detail("InvalidInputException", f"Job run is {state}."))
            else:
                run.record["JobRunState"] = "STOPPING"
                run.stopping.set()
                stopped.append(row)
        return success({"SuccessfulSubmissions": stopped, "Errors": errors})


def _detail(code: str, message: str) -> dict[str, Any]:
    return {"ErrorDetail": {"ErrorCode": code, "ErrorMessage": message}}
