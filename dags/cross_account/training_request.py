"""A training job's request: the configuration that the deployment wrote, filled in for one run."""

from __future__ import annotations

from typing import Any

from cross_account.failure import PipelineError
from cross_account.manifest import Manifest, channel_of


class TrainingConfigError(PipelineError):
    """The training configuration can't be used for a run."""


def fill_in(configuration: object, manifest: Manifest, job_name: str) -> dict[str, Any]:
    """CreateTrainingJob's request for `manifest.run`, with `job_name` as the job's name.

    Exactly the placeholders `{run}`, `{train}` and `{validation}` are replaced, in values alone.
    """
    if not isinstance(configuration, dict):
        raise TrainingConfigError(f"The training configuration is no object: {configuration!r}.")
    texts = {"run": manifest.run, **manifest.channels}
    request = {**_replaced(configuration, texts), "TrainingJobName": job_name}
    _check_places(request, manifest)
    _check_shares(request, manifest)
    return request


def _replaced(value: Any, texts: dict[str, str]) -> Any:
    match value:
        case dict():
            return {key: _replaced(item, texts) for key, item in value.items()}
        case list():
            return [_replaced(item, texts) for item in value]
        case str():
            for name, text in texts.items():
                value = value.replace(f"{{{name}}}", text)
    return value


def _check_places(request: dict[str, Any], manifest: Manifest) -> None:
    """A fixed path would train on, or overwrite, another run's data without anyone noticing."""
    try:
        inputs = {
            channel["ChannelName"]: channel["DataSource"]["S3DataSource"]["S3Uri"]
            for channel in request["InputDataConfig"]
        }
        output = request["OutputDataConfig"]["S3OutputPath"]
    except (KeyError, TypeError) as error:
        raise TrainingConfigError(f"The training configuration lacks {error}.") from error
    for name, folder in manifest.channels.items():
        if not str(inputs.get(name)).endswith(f"/{folder}"):
            raise _misplaced(f"channel {name}", inputs.get(name), folder, f"{{{name}}}")
    if f"/run={manifest.run}/" not in str(output):
        raise _misplaced("the model", output, f"run={manifest.run}/", "run={run}/")


def _check_shares(request: dict[str, Any], manifest: Manifest) -> None:
    """SageMaker shares files out whole: an instance without one would fail, once it is paid for."""
    instances = request["ResourceConfig"]["InstanceCount"]
    for channel in request["InputDataConfig"]:
        source = channel["DataSource"]["S3DataSource"]
        if source.get("S3DataDistributionType") != "ShardedByS3Key":
            continue
        name = channel["ChannelName"]
        files = sum(channel_of(manifest.channels, key) == name for key in manifest.files)
        if files < instances:
            raise TrainingConfigError(
                f"Run {manifest.run} has {files} files in {name}, but {instances} instances are to "
                "share them out, one each at least: set a lower training.instance_count in the "
                "topology, or process more rows."
            )


def _misplaced(what: str, found: object, expected: str, placeholder: str) -> TrainingConfigError:
    return TrainingConfigError(
        f"The training configuration has {found!r} for {what}, which isn't in {expected}: "
        f"the value must hold {placeholder}. "
        "Delete the configuration, and `pulumi up --refresh` writes it anew."
    )
