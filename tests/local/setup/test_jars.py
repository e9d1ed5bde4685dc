"""No jar is used but the one that was pinned."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from local.setup import jars, stamps
from local.setup.jars import SparkJars, check
from local.setup.problem import SetupProblem

CONTENT = {"hadoop-aws-1.jar": b"hadoop", "bundle-2.jar": b"bundle"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of jars, with exactly what is pinned, and finished."""
    hashes = tmp_path / "hashes"
    lines = [f"{hashlib.sha256(jar).hexdigest()}  {name}\n" for name, jar in CONTENT.items()]
    hashes.write_text("".join(lines))
    list_ = tmp_path / "list.xml"
    list_.write_text("<list/>")
    folder = tmp_path / "jars"
    folder.mkdir()
    for name, jar in CONTENT.items():
        (folder / name).write_bytes(jar)
    monkeypatch.setattr(jars, "HASHES", hashes)
    monkeypatch.setattr(jars, "LIST", list_)
    monkeypatch.setattr(jars, "SPARK_JARS", folder)
    monkeypatch.setattr(jars, "STATE", tmp_path)
    stamps.write(folder, jars._wanted())
    return folder


def test_what_is_pinned_is_taken(folder: Path) -> None:
    check(folder)
    assert SparkJars().ready()


def test_another_jar_under_the_same_name_is_refused(folder: Path) -> None:
    (folder / "bundle-2.jar").write_bytes(b"bundlf")
    with pytest.raises(SetupProblem) as problem:
        check(folder)
    found, allowed = (hashlib.sha256(jar).hexdigest() for jar in (b"bundlf", b"bundle"))
    assert f"bundle-2.jar has the SHA-256 {found}" in str(problem.value)
    assert f"spark-jars.sha256 allows {allowed} only" in str(problem.value)


def test_a_jar_that_did_not_arrive_is_named(folder: Path) -> None:
    (folder / "hadoop-aws-1.jar").unlink()
    with pytest.raises(SetupProblem, match=r"hadoop-aws-1\.jar was not delivered"):
        check(folder)
    assert not SparkJars().ready()


@pytest.mark.parametrize("source", ["LIST", "HASHES"])
def test_a_changed_list_makes_them_stale(folder: Path, source: str) -> None:
    file: Path = getattr(jars, source)
    file.write_text(file.read_text().replace("  ", "   ").replace("/>", " />"))
    assert not SparkJars().ready()


def test_nothing_refused_gets_into_place(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def deliver(target: Path) -> None:
        for name in CONTENT:
            (target / name).write_bytes(b"something else")

    monkeypatch.setattr(jars, "_fetch", deliver)
    with pytest.raises(SetupProblem, match="SHA-256"):
        SparkJars().install()
    assert not folder.exists()
    assert not SparkJars().ready()


def test_what_a_broken_call_left_is_made_anew(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deliver(target: Path) -> None:
        for name, jar in CONTENT.items():
            (target / name).write_bytes(jar)

    monkeypatch.setattr(jars, "_fetch", deliver)
    draft = folder.with_name("spark-jars.new")
    draft.mkdir()
    (draft / "half.jar").touch()
    stamps.remove(folder)
    SparkJars().install()
    assert SparkJars().ready()
    assert not (folder / "half.jar").exists()


@pytest.mark.parametrize(
    ("proxy", "expected"),
    [
        (
            "http://proxy.example:8080",
            ["-Dhttps.proxyHost=proxy.example", "-Dhttps.proxyPort=8080"],
        ),
        ("proxy.example", ["-Dhttps.proxyHost=proxy.example", "-Dhttps.proxyPort=3128"]),
    ],
)
def test_a_proxy_is_told_to_java(
    monkeypatch: pytest.MonkeyPatch, proxy: str, expected: list[str]
) -> None:
    monkeypatch.setattr("urllib.request.getproxies", lambda: {"https": proxy})
    assert jars._proxy_options() == expected
    monkeypatch.setattr("urllib.request.getproxies", dict)
    assert jars._proxy_options() == []
