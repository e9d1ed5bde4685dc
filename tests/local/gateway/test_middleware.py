"""What changes in a request before MiniStack sees it."""

from __future__ import annotations

import http.client
from typing import Any

import pytest

from local.gateway.middleware import as_secure, in_origin_form
from tests.local.gateway.aws import EAST, HUB, Aws


def _scope(path: str, *headers: tuple[bytes, bytes]) -> dict[str, Any]:
    return {"type": "http", "path": path, "raw_path": path.encode(), "headers": list(headers)}


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("http://api.127.0.0.1:4566/environments/e", "/environments/e"),
        ("http://env.127.0.0.1:4566/", "/"),
        ("http://127.0.0.1:4566", "/"),
        ("/bucket/http://key", "/bucket/http://key"),
    ],
)
def test_a_proxys_target_becomes_a_path(target: str, path: str) -> None:
    made = in_origin_form(_scope(target))
    assert made["path"] == path
    assert made["raw_path"] == path.encode()


def test_an_escaped_path_stays_escaped() -> None:
    scope = _scope("http://127.0.0.1:1/a b") | {"raw_path": b"http://127.0.0.1:1/a%20b"}
    made = in_origin_form(scope)
    assert (made["path"], made["raw_path"]) == ("/a b", b"/a%20b")


def test_a_request_counts_as_secure_whatever_it_says_of_itself() -> None:
    made = as_secure(_scope("/", (b"X-Forwarded-Proto", b"http")))
    assert made["headers"] == [(b"x-forwarded-proto", b"https")]


def test_a_request_can_ask_to_count_as_plain_http() -> None:
    asking = (b"X-Local-Plain-Http", b"1")
    assert as_secure(_scope("/", asking))["headers"] == [asking]


def test_a_web_page_is_refused(aws: Aws) -> None:
    connection = http.client.HTTPConnection(aws.endpoint.removeprefix("http://"))
    connection.request("GET", "/_local/ready", headers={"Origin": "https://example.com"})
    assert connection.getresponse().status == http.client.FORBIDDEN
    connection.close()


def test_a_client_may_take_the_gateway_as_its_proxy(aws: Aws) -> None:
    """The host prefix of Amazon MWAA's API makes a name that doesn't resolve."""
    credential = f"{HUB}/20260101/{EAST}/airflow/aws4_request"
    signed = f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=0"
    connection = http.client.HTTPConnection(aws.endpoint.removeprefix("http://"))
    target = "http://api.127.0.0.1:1/environments/unknown"
    connection.request("GET", target, headers={"Authorization": signed})
    response = connection.getresponse()
    answered = response.status, response.headers["x-amzn-errortype"]
    connection.close()
    assert answered == (404, "ResourceNotFoundException")
