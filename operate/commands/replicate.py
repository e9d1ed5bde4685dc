"""`replicate`: have S3 replicate a run's files that never arrived."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from operate.batch_replication import followed, start
from operate.connection import connect
from operate.errors import OperateError, UsageError
from operate.missing_replicas import files_of, missing_replicas
from operate.options import JsonOption, LocalOption, OutputsOption, StackOption
from operate.output import console, document, line


def replicate(
    pipeline: Annotated[str, typer.Argument(help="The data pipeline's name.")],
    run: Annotated[str, typer.Argument(help="The run, such as 20261122T123336123456.")],
    *,
    stack: StackOption = None,
    outputs: OutputsOption = None,
    local: LocalOption = False,
    as_json: JsonOption = False,
) -> None:
    """Have S3 replicate a run's files again that an ML pipeline hasn't got, and follow that.

    Repair first what kept S3 from it. The exit status is 0 once nothing is missing any more.
    """
    connection = connect(stack, outputs, local=local)
    data = connection.stack.data_pipeline(pipeline)
    if not connection.stack.ml_pipelines_of(pipeline):
        raise UsageError(f"no ML pipeline trains on {pipeline}: its files are replicated nowhere")
    role_arn = data.batch_replication_role_arn
    if role_arn is None:
        raise OperateError(
            f"{pipeline} has no role for S3 Batch Replication: an earlier version deployed the "
            "stack; `pulumi up` with this one first"
        )
    keys = files_of(connection, data, run)
    missing = missing_replicas(connection, pipeline, run, keys)
    found: dict[str, Any] = {"pipeline": pipeline, "run": run, "missing": missing, "job": None}
    # With --json the document is all that goes to the standard output.
    progress = console(stderr=as_json)
    if missing:
        for name, absent in missing.items():
            line(progress, f"{name} lacks {len(absent)} of {len(keys)} files")
        s3control = connection.in_pipeline("s3control", data)
        found["job"] = job_id = start(s3control, data, run, role_arn)
        line(progress, f"S3 Batch Replication job {job_id} in {data.region}")
        for each in followed(s3control, data.account_id, job_id):
            line(progress, str(each))
            found["state"] = str(each)
        missing = missing_replicas(connection, pipeline, run, keys)
    found["still_missing"] = missing
    if as_json:
        document(found)
    if missing:
        raise OperateError(_left(missing))
    line(progress, f"nothing of {run} is missing: clear the waits of ML runs that failed for it")


def _left(missing: dict[str, list[str]]) -> str:
    each = "; ".join(f"{name} lacks {', '.join(keys[:3])}" for name, keys in missing.items())
    return (
        f"{each}. S3 could not replicate them, or it had and they were deleted there: S3 doesn't "
        "bring back a replica. The runbook's section on missing files says what to do"
    )
