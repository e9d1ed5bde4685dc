"""Clients as the operator roles; nothing is called."""

from __future__ import annotations

import pytest

from operate.errors import OperateError
from operate.outputs import Target
from operate.sessions import Sessions
from tests.operate.answers import OUTPUTS

LOCAL = Target.model_validate({"outputs": OUTPUTS, "endpoint": "http://127.0.0.1:9"})


def test_an_account_has_clients_in_several_regions_and_no_profile_of_the_shells(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "of no local run")
    sessions = Sessions(LOCAL)

    clients = [sessions.client("s3", "222222222222", each) for each in ("us-east-1", "us-west-2")]

    assert [each.meta.region_name for each in clients] == ["us-east-1", "us-west-2"]
    assert {each.meta.endpoint_url for each in clients} == {LOCAL.endpoint}


def test_without_credentials_a_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("boto3.session.Session.get_credentials", lambda _: None)

    with pytest.raises(OperateError, match="no AWS credentials"):
        Sessions(Target.model_validate({"outputs": OUTPUTS})).client("s3", "1" * 12, "us-east-1")
