"""However a connection is wrong, a task fails at once and calls nothing but STS."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError  # type: ignore[import-untyped]
from cross_account.aws_error import ClientError
from cross_account.connection_guard import (
    ConnectionCheckError,
    check_connection,
    require_role,
)
from cross_account.connection_secret import TransientError, why_unreadable

from tests.dags.example_topology import (
    EXTERNAL_ID,
    SECRETS,
    connection,
    pipelines,
    reached,
    read,
    topology,
)
from tests.dags.fake_aws import HUB, FakeAws

pytestmark = pytest.mark.airflow

EAST, WEST, EUROPE = (pipelines()[name] for name in ("east1", "west2", "europe1"))
CONNECTION = EAST["connection_id"]
SECRET = f"{SECRETS}/{CONNECTION}"


def refusal(aws: FakeAws) -> ConnectionCheckError:
    """The error that the check of the connection of east1 raises."""
    with pytest.raises(ConnectionCheckError) as raised:
        check_connection(CONNECTION)
    sentence = str(raised.value)
    assert CONNECTION in sentence
    assert "'east1'" in sentence
    assert EAST["account_id"] in sentence
    assert EXTERNAL_ID.format(name="east1") not in sentence
    assert "\n" not in sentence
    assert {call.operation.split(":")[0] for call in aws.calls} <= {"secretsmanager", "sts"}
    return raised.value


def set_extra(aws: FakeAws, **changes: Any) -> None:
    content = connection("east1")
    content["extra"].update(changes)
    aws.secrets[SECRET] = json.dumps(content)


@pytest.mark.parametrize("entry", reached().values(), ids=reached())
def test_every_connection_of_the_stack_passes(aws: FakeAws, entry: dict[str, Any]) -> None:
    check_connection(entry["connection_id"])
    assert aws.calls[-1].operation == "sts:GetCallerIdentity"
    assert aws.calls[-1].region == entry["region"]


def test_an_accesss_role_is_its_own_alone(aws: FakeAws) -> None:
    reports = reached()["reports"]["connection_id"]
    content = connection("reports")
    content["extra"]["role_arn"] = EAST["cross_account_role_arn"]
    aws.secrets[f"{SECRETS}/{reports}"] = json.dumps(content)
    with pytest.raises(ConnectionCheckError, match="of access 'reports'") as raised:
        check_connection(reports)
    assert raised.value.code == "other_role"


def test_a_role_may_have_a_path(aws: FakeAws, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which the ARN of the role's session doesn't contain."""
    role_arn = EAST["cross_account_role_arn"].replace(":role/", ":role/pipelines/data/")
    content = topology()
    content["data_pipelines"]["east1"]["cross_account_role_arn"] = role_arn
    found = read(content)
    monkeypatch.setattr("cross_account.connection_guard.load_topology_file", lambda: found)
    aws.trusts[role_arn] = EXTERNAL_ID.format(name="east1")
    set_extra(aws, role_arn=role_arn)
    check_connection(CONNECTION)


def test_a_missing_secret(aws: FakeAws) -> None:
    del aws.secrets[SECRET]
    assert refusal(aws).code == "unreadable"


@pytest.mark.parametrize(
    "code", ["AccessDeniedException", "DecryptionFailure", "InvalidRequestException"]
)
def test_a_secret_that_may_not_be_read_whose_key_is_gone_or_that_is_to_be_deleted(
    aws: FakeAws, code: str
) -> None:
    aws.secret_faults = [code] * 2
    refused = refusal(aws)
    assert refused.code == "unreadable"
    assert code in str(refused)


@pytest.mark.parametrize("text", ["{not json", '{"conn_type": "aws", "extra": '])
def test_a_malformed_secret(aws: FakeAws, text: str) -> None:
    aws.secrets[SECRET] = text
    assert refusal(aws).code == "unreadable"


@pytest.mark.parametrize("extra", [1, ["role_arn"], {"assume_role_method": "x"}, "text", "", None])
def test_a_malformed_extra(aws: FakeAws, extra: object) -> None:
    if isinstance(extra, dict):
        extra = {**connection("east1")["extra"], **extra}
    aws.secrets[SECRET] = json.dumps({"conn_type": "aws", "extra": extra})
    # Versions of Airflow differ in how far they read it.
    assert refusal(aws).code in {"malformed", "no_role", "unreadable"}


def test_an_empty_secret(aws: FakeAws) -> None:
    aws.secrets[SECRET] = "{}"
    assert refusal(aws).code == "no_role"


def test_a_role_outside_extra(aws: FakeAws) -> None:
    extra = connection("east1")["extra"]
    aws.secrets[SECRET] = json.dumps({"conn_type": "aws", **extra})
    assert refusal(aws).code == "no_role"


@pytest.mark.parametrize(
    "role_arn",
    [
        "arn:aws:iam::111111111111:role/unified-pipelines-dev-hub-execution",
        "arn:aws:iam::222222222222:role/administrator",
        WEST["cross_account_role_arn"],
        EUROPE["cross_account_role_arn"],
    ],
)
def test_another_role(aws: FakeAws, role_arn: str) -> None:
    set_extra(aws, role_arn=role_arn)
    refused = refusal(aws)
    assert refused.code == "other_role"
    assert role_arn in str(refused)
    assert EAST["cross_account_role_arn"] in str(refused)


@pytest.mark.parametrize("region", ["us-west-2", None])
def test_another_region(aws: FakeAws, region: str | None) -> None:
    set_extra(aws, region_name=region)
    refused = refusal(aws)
    assert refused.code == "other_region"
    assert repr(region) in str(refused)
    assert "'us-east-1'" in str(refused)


@pytest.mark.parametrize("kwargs", [None, {}, {"external_id": "x"}, "text"])
def test_no_external_id(aws: FakeAws, kwargs: object) -> None:
    set_extra(aws, assume_role_kwargs=kwargs, external_id=EXTERNAL_ID.format(name="east1"))
    assert refusal(aws).code == "no_external_id"


def test_a_wrong_external_id(aws: FakeAws) -> None:
    set_extra(aws, assume_role_kwargs={"ExternalId": "guessed"})
    refused = refusal(aws)
    assert refused.code == "denied"
    assert "guessed" not in str(refused)


def test_a_malformed_external_id(aws: FakeAws) -> None:
    aws.sts_fault = "ValidationError"
    assert refusal(aws).code == "denied"


@pytest.mark.parametrize(
    "impostor",
    [
        HUB,
        "arn:aws:iam::222222222222:root",
        "arn:aws:iam::222222222222:user/somebody",
        "arn:aws:iam::222222222222:user/unified-pipelines-dev-east1-crossaccount",
        "arn:aws:sts::222222222222:assumed-role/another-role/session",
        "arn:aws:sts::111111111111:assumed-role/unified-pipelines-dev-east1-crossaccount/session",
    ],
)
def test_the_caller_counts_and_not_the_settings(aws: FakeAws, impostor: str) -> None:
    aws.impostor = impostor
    refused = refusal(aws)
    assert refused.code == "other_caller"
    assert impostor in str(refused)


@pytest.mark.parametrize("connection_id", ["aws_default", "", None])
def test_a_connection_of_no_pipeline(aws: FakeAws, connection_id: str | None) -> None:
    with pytest.raises(ConnectionCheckError) as raised:
        check_connection(connection_id)
    assert raised.value.code == "unknown"
    assert aws.calls == []


@pytest.mark.parametrize("code", ["Throttling", "InternalFailure", "ExpiredToken"])
def test_a_transient_error_of_sts_may_be_retried(aws: FakeAws, code: str) -> None:
    set_extra(aws, config_kwargs=None)
    aws.sts_fault = code
    with pytest.raises(ClientError, match=code):
        check_connection(CONNECTION)


def test_no_network_may_be_retried(aws: FakeAws, monkeypatch: pytest.MonkeyPatch) -> None:
    set_extra(aws, config_kwargs=None)
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1")
    with pytest.raises(EndpointConnectionError):
        check_connection(CONNECTION)


FAULTS = ["ThrottlingException", "InternalServiceError", "InternalServiceErrorException"]


@pytest.mark.parametrize("code", FAULTS)
def test_a_transient_error_of_secrets_manager_may_be_retried(aws: FakeAws, code: str) -> None:
    aws.secret_faults = [code] * 2
    with pytest.raises(ClientError, match=code):
        check_connection(CONNECTION)


@pytest.mark.parametrize("code", FAULTS)
def test_an_error_that_has_passed_may_be_retried(aws: FakeAws, code: str) -> None:
    aws.secret_faults = [code]
    with pytest.raises(TransientError, match=CONNECTION):
        check_connection(CONNECTION)


def test_a_secret_is_looked_for_where_airflow_looks(
    aws: FakeAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = json.loads(os.environ["AIRFLOW__SECRETS__BACKEND_KWARGS"])
    settings["sep"] = "-"
    monkeypatch.setenv("AIRFLOW__SECRETS__BACKEND_KWARGS", json.dumps(settings))
    aws.secrets[f"{SECRETS}-{CONNECTION}"] = "{not json"
    # An answer, and not the error of a secret that is missing or can be read now.
    assert "ResourceNotFoundException" not in why_unreadable(CONNECTION)


class TestPreExecute:
    """A task with a connection is checked, one without isn't."""

    @pytest.fixture
    def checked(self, monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
        seen: list[str | None] = []
        append: Callable[[str | None], None] = seen.append
        monkeypatch.setattr("cross_account.connection_guard.check_connection", append)
        return seen

    def test_a_task_with_a_connection(self, checked: list[str | None]) -> None:
        require_role({"task": SimpleNamespace(aws_conn_id=CONNECTION)})
        assert checked == [CONNECTION]

    def test_a_task_whose_connection_is_none(self, checked: list[str | None]) -> None:
        require_role({"task": SimpleNamespace(aws_conn_id=None)})
        assert checked == [None]

    def test_a_task_of_another_kind(self, checked: list[str | None]) -> None:
        require_role({"task": SimpleNamespace()})
        assert checked == []
