"""Assets and archives become bytes."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pulumi
import pytest

from local.deployment.assets import archive_bytes, asset_bytes
from local.deployment.errors import DeploymentError


def names_and_contents(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_assets_give_their_content(tmp_path: Path) -> None:
    path = tmp_path / "a file.bin"
    path.write_bytes(b"\x00\xff")

    assert asset_bytes(pulumi.FileAsset(path)) == b"\x00\xff"
    assert asset_bytes(pulumi.StringAsset("grüße")) == "grüße".encode()


def test_an_archive_holds_assets_folders_and_archives(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "b.py").write_text("b")
    archive = pulumi.AssetArchive(
        {"a.py": pulumi.StringAsset("a"), "folder": pulumi.FileArchive(str(tmp_path))}
    )

    assert names_and_contents(archive_bytes(archive)) == {"a.py": b"a", "folder/inner/b.py": b"b"}


def test_an_archive_file_is_taken_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "code.zip"
    path.write_bytes(archive_bytes(pulumi.AssetArchive({"a": pulumi.StringAsset("a")})))

    assert archive_bytes(pulumi.FileArchive(str(path))) == path.read_bytes()


def test_equal_content_gives_equal_bytes() -> None:
    first = pulumi.AssetArchive({"a": pulumi.StringAsset("1"), "b": pulumi.StringAsset("2")})
    second = pulumi.AssetArchive({"b": pulumi.StringAsset("2"), "a": pulumi.StringAsset("1")})

    assert archive_bytes(first) == archive_bytes(second)


def test_what_comes_from_elsewhere_is_refused() -> None:
    with pytest.raises(DeploymentError, match="RemoteAsset"):
        asset_bytes(pulumi.RemoteAsset("https://example.com/x"))
    with pytest.raises(DeploymentError, match="RemoteArchive"):
        archive_bytes(pulumi.RemoteArchive("https://example.com/x.zip"))
