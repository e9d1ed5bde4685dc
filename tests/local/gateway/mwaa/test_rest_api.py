"""Calls to Airflow's REST API: one that writes waits for another, one that reads doesn't."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from local.gateway.mwaa import rest_api


class _Airflow(ThreadingHTTPServer):
    """A server that answers a POST once it is told to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.arrived = threading.Semaphore(0)
        self.released = threading.Semaphore(0)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: _Airflow

    def _answer(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self.server.arrived.release()
        self.server.released.acquire()
        self._answer()

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def airflow() -> Iterator[_Airflow]:
    with _Airflow() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server
        server.released.release(2)
        server.shutdown()


def test_calls_that_write_come_one_after_the_other(airflow: _Airflow) -> None:
    request = {"Method": "POST", "Path": "/dags/d/dagRuns", "Body": {}}
    calls = [
        threading.Thread(target=rest_api.call, args=(airflow.address, request)) for _ in range(2)
    ]
    for call in calls:
        call.start()
    assert airflow.arrived.acquire(timeout=60)
    assert rest_api.call(airflow.address, {"Method": "GET", "Path": "/dags"}) == (200, {})
    assert not airflow.arrived.acquire(timeout=0.1)
    airflow.released.release()
    assert airflow.arrived.acquire(timeout=60)
    airflow.released.release()
    for call in calls:
        call.join()
