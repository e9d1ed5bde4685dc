"""Ten calls that an operator must not be able to make.

Each is harmless where it is allowed after all: it reads, it asks for what can't happen, or it
touches what the verification itself has made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from clients.s3_uri import bucket_and_key
from components.pipeline.connection_names import connection_secret_name
from components.pipeline.object_keys import GLUE_SCRIPT, MODELS
from operate.connection import Connection
from operate.gathering import GatheredRun
from operate.outputs import MlPipeline

_DENIED = frozenset({"AccessDenied", "AccessDeniedException"})


_Calls = list[tuple[str, str, Callable[..., Any], Mapping[str, Any]]]
"""What is tried, the action, the call and its arguments."""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """A call as the operator role of an account."""

    what: str
    action: str
    account_id: str
    call: Callable[..., Any]
    arguments: Mapping[str, Any]


def attempts(connection: Connection, run: GatheredRun, raw_key: str) -> list[Attempt]:
    """The ten; `run` has trained, and `raw_key` is of its own sample."""
    name = next(iter(run.ml_pipelines))
    return [
        *_in_hub(connection, run),
        *_on_data(connection, run, raw_key),
        *_on_training(connection, run, name, run.ml_pipelines[name]),
    ]


def tried(attempt: Attempt) -> dict[str, Any]:
    """What became of an attempt: whether AWS denied it, and what it answered."""
    try:
        attempt.call(**attempt.arguments)
        answer = "no error"
    except ClientError as error:
        answer = str(error.response["Error"]["Code"])
    return {
        "attempt": attempt.what,
        "action": attempt.action,
        "account_id": attempt.account_id,
        "answer": answer,
        "denied": answer in _DENIED,
    }


def _in_hub(connection: Connection, run: GatheredRun) -> list[Attempt]:
    stack, mwaa = connection.stack, connection.in_hub("mwaa")
    environment = {"Name": stack.environment_name}
    secret = {"SecretId": connection_secret_name(stack.environment_name, run.source)}
    read = connection.in_hub("secretsmanager").get_secret_value
    page, command_line = mwaa.create_web_login_token, mwaa.create_cli_token
    calls: _Calls = [
        ("read the secret of a connection", "secretsmanager:GetSecretValue", read, secret),
        ("get a token for Airflow's page", "airflow:CreateWebLoginToken", page, environment),
        ("get a token for Airflow's CLI", "airflow:CreateCliToken", command_line, environment),
    ]
    return _attempts(stack.hub_account_id, calls)


def _on_data(connection: Connection, run: GatheredRun, raw_key: str) -> list[Attempt]:
    s3, glue = connection.in_pipeline("s3", run.data), connection.in_pipeline("glue", run.data)
    bucket = {"Bucket": run.data.source_bucket_name}
    files = run.manifest.content["files"] if run.manifest else []
    rows = files[0]["key"] if files else f"transformed/run={run.run}/none"
    # On condition that the script isn't there: it is.
    replaced = {**bucket, "Key": GLUE_SCRIPT, "Body": b"", "IfNoneMatch": "*"}
    script = {"--scriptLocation": f"s3://{run.data.source_bucket_name}/{raw_key}"}
    calls: _Calls = [
        ("read a raw file", "s3:GetObject", s3.get_object, {**bucket, "Key": raw_key}),
        ("read training data", "s3:GetObject", s3.get_object, {**bucket, "Key": rows}),
        ("list the account's other buckets", "s3:ListAllMyBuckets", s3.list_buckets, {}),
        ("replace the Glue job's script", "s3:PutObject", s3.put_object, replaced),
        (
            "start the Glue job with another script",
            "glue:StartJobRun",
            glue.start_job_run,
            {"JobName": run.data.glue_job_name, "Arguments": script},
        ),
    ]
    return _attempts(run.data.account_id, calls)


def _on_training(
    connection: Connection, run: GatheredRun, name: str, pipeline: MlPipeline
) -> list[Attempt]:
    s3 = connection.in_pipeline("s3", pipeline)
    sagemaker = connection.in_pipeline("sagemaker", pipeline)
    bucket = pipeline.destination_bucket_name
    artifact = run.artifact(name)
    key = bucket_and_key(artifact)[1] if artifact else f"{MODELS}none"
    model = {"Bucket": bucket, "Key": key}
    # It is over: SageMaker stops no such job.
    job = {"TrainingJobName": f"{pipeline.training_job_name_prefix}-{run.run}"}
    calls: _Calls = [
        ("delete a model", "s3:DeleteObject", s3.delete_object, model),
        ("stop a training job", "sagemaker:StopTrainingJob", sagemaker.stop_training_job, job),
    ]
    return _attempts(pipeline.account_id, calls)


def _attempts(account_id: str, calls: _Calls) -> list[Attempt]:
    return [
        Attempt(what=what, action=action, account_id=account_id, call=call, arguments=arguments)
        for what, action, call, arguments in calls
    ]
