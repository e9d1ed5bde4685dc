"""Whether a deployment does what it should: a run on sample data, its rows, and what is denied."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from clients.s3_uri import bucket_and_key
from components.pipeline.object_keys import MODELS, REJECTED, RUNS
from dags.cross_account.run import manifest_key, run_prefix, summary_key
from operate.connection import Connection
from operate.denied_attempts import attempts, tried
from operate.expiry import expiry_of
from operate.gathering import GatheredRun
from operate.sample_run import ROWS, SampleRun


def verified(connection: Connection, run: GatheredRun, sample: SampleRun) -> dict[str, Any]:
    """What was checked of the sample's run, which is over, and what each check found."""
    checks = [*_checks(connection, run)]
    denied = [tried(each) for each in attempts(connection, run, sample.key)]
    passed = all(each["passed"] for each in checks) and all(each["denied"] for each in denied)
    return {
        "environment": connection.stack.environment_name,
        "pipeline": run.source,
        "run": run.run,
        "passed": passed,
        "checks": checks,
        "denied": denied,
        "removed": _removed(connection, sample) if passed else [],
        "left": list(_left(connection, run, sample)),
    }


def _checks(connection: Connection, run: GatheredRun) -> Iterator[dict[str, Any]]:
    states = {each.dag_id: each.state for each in run.dag_runs.values()}
    yield _check("every DAG run succeeded", states, passed=run.state == "success")
    rows = run.rows or {}
    parts = sum(count for name, count in rows.items() if name != "input")
    added = parts == rows.get("input") == ROWS
    yield _check(f"all of {ROWS} rows are somewhere", rows, passed=added)
    rejected = len(run.rejected)
    wanted = rows.get("rejected")
    yield _check("each rejected row is kept", rejected, passed=rejected == wanted)
    for name, summary in run.summaries.items():
        trained_on = (summary or {}).get("rows")
        yield _check(f"{name} trained on the same rows", trained_on, passed=trained_on == run.rows)
        size = _model_size(connection, run, name)
        yield _check(f"{name} has a model", f"{size} bytes", passed=size > 0)


def _check(what: str, found: object, *, passed: bool) -> dict[str, Any]:
    return {"check": what, "found": found, "passed": passed}


def _model_size(connection: Connection, run: GatheredRun, name: str) -> int:
    artifact = run.artifact(name)
    if not artifact:
        return 0
    bucket, key = bucket_and_key(artifact)
    s3 = connection.in_pipeline("s3", run.ml_pipelines[name])
    return int(s3.head_object(Bucket=bucket, Key=key)["ContentLength"])


def _removed(connection: Connection, sample: SampleRun) -> list[str]:
    """The DAG runs: all that an operator may delete. After a failure they stay, to be looked at."""
    for each in sample.flow.dag_runs:
        connection.airflow.delete_dag_run(each.dag_id, each.run_id)
    return [f"DAG run {each.run_id} of {each.dag_id}" for each in sample.flow.dag_runs]


def _left(
    connection: Connection, run: GatheredRun, sample: SampleRun
) -> Iterator[dict[str, str | None]]:
    """What S3 keeps, and until when: an operator may delete nothing of it."""
    source = run.data.source_bucket_name
    yield _kept(f"s3://{source}/{sample.key}", sample.expires)
    if run.manifest is not None:
        s3 = connection.in_pipeline("s3", run.data)
        expires = expiry_of(s3.head_object(Bucket=source, Key=manifest_key(run.run)))
        yield _kept(f"s3://{source}/{run_prefix(run.run)}", expires)
        yield _kept(f"s3://{source}/{REJECTED}run={run.run}/", expires)
    for name, pipeline in run.ml_pipelines.items():
        if run.summaries[name] is not None:
            bucket = pipeline.destination_bucket_name
            s3 = connection.in_pipeline("s3", pipeline)
            expires = expiry_of(s3.head_object(Bucket=bucket, Key=summary_key(run.run)))
            for prefix in (run_prefix(run.run), f"{MODELS}run={run.run}/", f"{RUNS}{run.run}/"):
                yield _kept(f"s3://{bucket}/{prefix}", expires)


def _kept(where: str, expires: str | None) -> dict[str, str | None]:
    return {"where": where, "expires": expires}
