"""The request that starts a training: the deployment's configuration, filled in for one run.

It is CreateTrainingJob's, or of a pipeline that tunes CreateHyperParameterTuningJob's, which has
one around it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cross_account.failure import PipelineError
from cross_account.manifest import Manifest, channel_of
from cross_account.other_hyperparameters import with_hyperparameters

_NEXT_STEP = "Delete the file and run `pulumi up --refresh`, which writes it again."


class TrainingConfigError(PipelineError):
    """The training configuration can't be used for a run."""


def fill_in(
    configuration: object,
    manifest: Manifest,
    job_name: str,
    *,
    hyperparameters: object = None,
    algorithm: str = "xgboost",
) -> dict[str, Any]:
    """The request for `manifest.run`, with `job_name` as the job's name.

    `hyperparameters` are the DAG run's own, over the configured ones.

    Only the placeholders `{run}`, `{train}`, `{validation}`, `{schema}` and `{classes}` are
    replaced, and only in values.
    """
    if not isinstance(configuration, dict):
        raise TrainingConfigError(
            f"training configuration: expected an object, got {configuration!r}. {_NEXT_STEP}"
        )
    configuration = with_hyperparameters(configuration, hyperparameters, algorithm)
    inputs = dict(manifest.channels)
    if manifest.schema_file is not None:
        inputs["schema"] = manifest.schema_file.key
    values = {"run": manifest.run, **inputs}
    if manifest.classes is not None:
        values["classes"] = str(manifest.classes)
    request: dict[str, Any] = _replaced(configuration, values)
    training = request.get("TrainingJobDefinition")
    request["TrainingJobName" if training is None else "HyperParameterTuningJobName"] = job_name
    training = request if training is None else training
    _check_classes(training, manifest)
    _check_uris(training, manifest.run, inputs)
    _check_shares(training, manifest)
    return request


def job_name_of(request: Mapping[str, Any]) -> str:
    """The name of the job that the request starts."""
    return str(request.get("TrainingJobName") or request["HyperParameterTuningJobName"])


def output_of(request: Mapping[str, Any]) -> str:
    """The prefix below which the models of the job that the request starts are written."""
    training = request.get("TrainingJobDefinition", request)
    return str(training["OutputDataConfig"]["S3OutputPath"])


def _replaced(value: Any, values: dict[str, str]) -> Any:
    match value:
        case dict():
            return {key: _replaced(item, values) for key, item in value.items()}
        case list():
            return [_replaced(item, values) for item in value]
        case str():
            for name, replacement in values.items():
                value = value.replace(f"{{{name}}}", replacement)
    return value


def _check_classes(request: dict[str, Any], manifest: Manifest) -> None:
    """XGBoost would only say that it can't read the placeholder."""
    given = request.get("HyperParameters") or request.get("StaticHyperParameters") or {}
    if manifest.classes is None and "{classes}" in given.values():
        raise TrainingConfigError(
            f"num_class is to be the number of the label's classes, and run {manifest.run} has "
            "none: its labels aren't the integers from 0 on. Pin the label as a category, or write "
            "num_class into the topology, and start a new run of the data-processing DAG."
        )


def _check_uris(request: dict[str, Any], run: str, expected: dict[str, str]) -> None:
    """A fixed URI would silently train on another run's data, or overwrite its model."""
    try:
        found = {
            channel["ChannelName"]: channel["DataSource"]["S3DataSource"]["S3Uri"]
            for channel in request["InputDataConfig"]
        }
        output = request["OutputDataConfig"]["S3OutputPath"]
    except (KeyError, TypeError) as error:
        raise TrainingConfigError(
            f"training configuration: {error} is missing. {_NEXT_STEP}"
        ) from error
    if "schema" in found and "schema" not in expected:
        raise TrainingConfigError(
            f"channel schema: run {run} has no schema.json, as runs of earlier versions have none. "
            "Start a new run of the data-processing DAG."
        )
    for name, key in expected.items():
        is_sent = name in {"train", *found}
        if is_sent and not str(found.get(name)).endswith(f"/{key}"):
            raise _fixed_uri(f"channel {name}", found.get(name), f"{{{name}}}")
    if f"/run={run}/" not in str(output):
        raise _fixed_uri("S3OutputPath", output, "run={run}/")


def _check_shares(request: dict[str, Any], manifest: Manifest) -> None:
    """SageMaker distributes whole files: an instance without one would fail, and be billed."""
    instances = request["ResourceConfig"]["InstanceCount"]
    for channel in request["InputDataConfig"]:
        source = channel["DataSource"]["S3DataSource"]
        if source.get("S3DataDistributionType") != "ShardedByS3Key":
            continue
        name = channel["ChannelName"]
        files = sum(channel_of(manifest.channels, key) == name for key in manifest.sizes)
        if files < instances:
            raise TrainingConfigError(
                f"channel {name} of run {manifest.run}: expected at least one file for each of "
                f"{instances} instances, got {files}. Lower training.instance_count in the "
                "topology, or process more rows."
            )


def _fixed_uri(where: str, found: object, placeholder: str) -> TrainingConfigError:
    return TrainingConfigError(
        f"training configuration: {where} needs the placeholder {placeholder}, got {found!r}. "
        f"{_NEXT_STEP}"
    )
