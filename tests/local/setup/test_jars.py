"""No jar is used but the one that was pinned."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import HTTPError

import pytest

from local.setup import jars
from local.setup.jars import SparkJars, fetch
from local.setup.problem import SetupProblem

PATHS = {"org/hadoop-aws/1/hadoop-aws-1.jar": b"hadoop", "com/bundle/2/bundle-2.jar": b"bundle"}
NAMES = {"hadoop-aws-1.jar", "bundle-2.jar"}


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """What the Maven repository delivers."""
    root = tmp_path / "repository"
    for path, content in PATHS.items():
        (root / path).parent.mkdir(parents=True)
        (root / path).write_bytes(content)
    return root


@pytest.fixture
def address(repository: Path) -> Iterator[str]:
    with serving(partial(Quiet, directory=str(repository))) as address:
        yield address


@contextmanager
def serving(handler: Callable[..., BaseHTTPRequestHandler]) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of jars, not yet there."""
    pinned = tmp_path / "pinned.txt"
    lines = [f"{hashlib.sha256(jar).hexdigest()}  {path}\n" for path, jar in PATHS.items()]
    pinned.write_text("# a comment\n" + "".join(lines))
    folder = tmp_path / "state" / "jars"
    monkeypatch.setattr(jars, "PINNED", pinned)
    monkeypatch.setattr(jars, "SPARK_JARS", folder)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return folder


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def test_what_is_pinned_is_fetched_once(folder: Path, address: str, repository: Path) -> None:
    assert not SparkJars().ready()
    fetch(address)
    assert SparkJars().ready()
    assert {file.read_bytes() for file in folder.iterdir()} == set(PATHS.values())

    (folder / "bundle-2.jar").unlink()
    (repository / "org/hadoop-aws/1/hadoop-aws-1.jar").unlink()
    assert not SparkJars().ready()
    fetch(address)
    assert SparkJars().ready()


def test_another_jar_under_the_same_name_is_refused(
    folder: Path, address: str, repository: Path
) -> None:
    (repository / "com/bundle/2/bundle-2.jar").write_bytes(b"bundlf")
    with pytest.raises(SetupProblem) as problem:
        fetch(address)
    found, allowed = (hashlib.sha256(jar).hexdigest() for jar in (b"bundlf", b"bundle"))
    assert f"bundle-2.jar has the SHA-256 {found}" in str(problem.value)
    assert f"allows {allowed} only" in str(problem.value)
    assert names(folder) <= {"hadoop-aws-1.jar"}
    assert not SparkJars().ready()


def test_a_jar_that_is_not_there_is_an_error(folder: Path, address: str, repository: Path) -> None:
    (repository / "com/bundle/2/bundle-2.jar").unlink()
    with pytest.raises(HTTPError, match="404"):
        fetch(address)
    assert not SparkJars().ready()


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nbun",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nbun",
        b"not HTTP\r\n\r\n",
    ],
)
def test_a_download_that_broke_off_is_told_from_another_file(
    folder: Path, address: str, answer: bytes
) -> None:
    class BreaksOff(Quiet):
        def do_GET(self) -> None:
            self.wfile.write(answer)

    with serving(BreaksOff) as broken, pytest.raises(SetupProblem) as problem:
        fetch(broken)
    assert "the download broke off" in str(problem.value)
    assert "call make again" in str(problem.value)
    assert "SHA-256" not in str(problem.value)
    assert not SparkJars().ready()
    fetch(address)
    assert SparkJars().ready()


@pytest.mark.parametrize("left", ["bundle-2.part", "bundle-1.jar"])
def test_what_an_earlier_set_up_left_goes(folder: Path, address: str, left: str) -> None:
    fetch(address)
    (folder / left).touch()
    assert not SparkJars().ready()
    fetch(address)
    assert names(folder) == NAMES


def test_spark_s_resolver_knows_maven_central() -> None:
    root = jars._maven_central()
    assert root.startswith("https://")
    assert root.endswith("/maven2/")
