"""`replicate`: which files S3 is asked for, and how the command ends."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from botocore.response import StreamingBody
from botocore.stub import ANY, Stubber
from typer.testing import CliRunner, Result

from operate.application import application
from operate.errors import OperateError, UsageError
from tests.operate.answers import (
    DATA_BUCKET,
    ML_BUCKET,
    OUTPUTS,
    RUN,
    FakeAirflow,
    FakeConnection,
    client,
)

ROLE = "arn:aws-cn:iam::222222222222:role/batch"
PREFIX = f"transformed/run={RUN}/"
JOB = "job-7"
MANIFEST = f"{PREFIX}_manifest.json"
FILES = [f"{PREFIX}1/train/part-0.csv", f"{PREFIX}1/schema.json"]
CONTENT = {"files": [{"key": FILES[0]}], "schema": {"key": FILES[1]}}


class Services:
    """S3 and S3 Control, which expect these calls in this order."""

    def __init__(self) -> None:
        self.s3, self.control = client("s3"), client("s3control")
        self._s3, self._control = Stubber(self.s3), Stubber(self.control)

    def holds(self, bucket: str, prefix: str, keys: list[str], **given: Any) -> None:
        """A listing."""
        rows = [{"Key": key, "LastModified": "2026-01-02T03:04:05Z"} for key in keys]
        expected = {"Bucket": bucket, "Prefix": prefix, **given}
        self._s3.add_response("list_objects_v2", {"Contents": rows}, expected)

    def has_manifest(self) -> None:
        """The source's manifest."""
        self.holds(DATA_BUCKET, MANIFEST, [MANIFEST], MaxKeys=1)
        self.document(MANIFEST, CONTENT, bucket=DATA_BUCKET)

    def document(self, key: str, content: Any, *, bucket: str = ML_BUCKET) -> None:
        """A JSON object that is read."""
        body = json.dumps(content).encode()
        answer = {"Body": StreamingBody(io.BytesIO(body), len(body))}
        self._s3.add_response("get_object", answer, {"Bucket": bucket, "Key": key})

    def has_replicas(self, *keys: str) -> None:
        """The destination, where no training has ended."""
        self.holds(ML_BUCKET, f"runs/{RUN}/summary.json", [], MaxKeys=1)
        self.holds(ML_BUCKET, PREFIX, [*keys])

    def replicates(self, status: str, **job: Any) -> None:
        """A job that is over at the second look."""
        created = {
            "AccountId": "222222222222",
            "ConfirmationRequired": False,
            "Operation": {"S3ReplicateObject": {}},
            "Report": {"Enabled": False},
            "ClientRequestToken": ANY,
            "Description": ANY,
            "Priority": ANY,
            "RoleArn": ROLE,
            "ManifestGenerator": {
                "S3JobManifestGenerator": {
                    "ExpectedBucketOwner": "222222222222",
                    "SourceBucket": f"arn:aws-cn:s3:::{DATA_BUCKET}",
                    "EnableManifestOutput": False,
                    "Filter": {
                        "EligibleForReplication": True,
                        "ObjectReplicationStatuses": ["FAILED", "NONE", "COMPLETED"],
                        "KeyNameConstraint": {"MatchAnyPrefix": [PREFIX]},
                    },
                }
            },
        }
        self._control.add_response("create_job", {"JobId": JOB}, created)
        asked = {"AccountId": "222222222222", "JobId": JOB}
        for each in ({"Status": "Preparing"}, {"Status": status, **job}):
            self._control.add_response("describe_job", {"Job": each}, asked)

    def __enter__(self) -> Services:
        self._s3.activate()
        self._control.activate()
        return self

    def __exit__(self, *_: object) -> None:
        self._s3.assert_no_pending_responses()
        self._control.assert_no_pending_responses()


@pytest.fixture
def invoke(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setitem(OUTPUTS["data_pipelines"]["east1"], "batch_replication_role_arn", ROLE)
    monkeypatch.setattr("time.sleep", lambda _: None)

    def run(services: Services, *arguments: str) -> Result:
        clients = {"s3": services.s3, "s3control": services.control}
        connection = FakeConnection(FakeAirflow([]), clients)
        module = "operate.commands.replicate"
        monkeypatch.setattr(f"{module}.connect", lambda *_, **__: connection)
        with services:
            return CliRunner().invoke(application, ["replicate", "east1", RUN, *arguments])

    return run


def test_missing_files_are_replicated(invoke: Any) -> None:
    services = Services()
    services.has_manifest()
    services.has_replicas(MANIFEST, FILES[1])
    services.replicates("Complete", ProgressSummary={"TotalNumberOfTasks": 1})
    services.has_replicas(MANIFEST, *FILES)

    result = invoke(services, "--json")

    assert result.exit_code == 0
    done = json.loads(result.stdout)
    assert (done["missing"], done["job"]) == ({"west2": [FILES[0]]}, JOB)
    assert done["still_missing"] == {}


def test_nothing_is_done_where_nothing_is_missing(invoke: Any) -> None:
    services = Services()
    services.has_manifest()
    services.has_replicas(MANIFEST, *FILES)
    assert invoke(services).exit_code == 0


def test_what_is_still_missing_is_a_failure(invoke: Any) -> None:
    services = Services()
    services.has_manifest()
    services.has_replicas()
    services.replicates("Failed", FailureReasons=[{"FailureReason": "no inventory"}])
    services.has_replicas(MANIFEST)

    result = invoke(services)

    assert isinstance(result.exception, OperateError)
    assert FILES[0] in str(result.exception)
    assert "no inventory" in result.stdout


def test_a_run_without_a_manifest_is_refused(invoke: Any) -> None:
    services = Services()
    services.holds(DATA_BUCKET, MANIFEST, [], MaxKeys=1)
    assert isinstance(invoke(services).exception, UsageError)


def test_a_stack_of_an_earlier_version_has_no_role_for_it(
    invoke: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(OUTPUTS["data_pipelines"]["east1"], "batch_replication_role_arn")
    result = invoke(Services())
    assert isinstance(result.exception, OperateError)
    assert "pulumi up" in str(result.exception)


@pytest.mark.parametrize(("outcome", "lacks"), [("success", False), ("failed", True)])
def test_a_training_on_several_sources_has_a_name_of_its_own(
    invoke: Any, monkeypatch: pytest.MonkeyPatch, outcome: str, *, lacks: bool
) -> None:
    monkeypatch.setitem(OUTPUTS["ml_pipelines"]["west2"], "source", None)
    monkeypatch.setitem(OUTPUTS["ml_pipelines"]["west2"], "sources", ["east1", "ireland"])
    services, training = Services(), "20260102T040000000000"
    services.has_manifest()
    later = [f"runs/{training}/sources.json", f"runs/{training}/summary.json"]
    services.holds(ML_BUCKET, "runs/", later, StartAfter=f"runs/{RUN}")
    services.document(later[0], {"manifests": {"east1": {"run": RUN}, "ireland": {"run": "x"}}})
    services.holds(ML_BUCKET, later[1], [later[1]], MaxKeys=1)
    services.document(later[1], {"outcome": outcome})
    if lacks:
        services.holds(ML_BUCKET, PREFIX, [MANIFEST, *FILES])
    assert invoke(services).exit_code == 0
