"""The bytes of Pulumi's assets and archives."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi

from local.deployment.errors import DeploymentError

# The oldest moment that a ZIP file can hold: equal content gives equal bytes.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16


def asset_bytes(asset: Any) -> bytes:
    """The content of a file or string asset."""
    if isinstance(asset, pulumi.FileAsset):
        return Path(asset.path).read_bytes()
    if isinstance(asset, pulumi.StringAsset):
        return str(asset.text).encode()
    raise DeploymentError(
        f"an asset of type {type(asset).__name__} isn't known to the local deployment: use a"
        f" FileAsset or a StringAsset, or add it to local/deployment/assets.py"
    )


def archive_bytes(archive: Any) -> bytes:
    """A ZIP file of an archive's content."""
    if isinstance(archive, pulumi.FileArchive) and Path(archive.path).is_file():
        return Path(archive.path).read_bytes()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in sorted(_entries(archive).items()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.external_attr = _READABLE
            target.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def content(value: Any) -> Any:
    """`value` with the bytes of assets and archives in their place, so that values compare."""
    if isinstance(value, pulumi.Asset):
        return asset_bytes(value)
    if isinstance(value, pulumi.Archive):
        return archive_bytes(value)
    if isinstance(value, Mapping):
        return {key: content(inner) for key, inner in value.items()}
    return [content(inner) for inner in value] if isinstance(value, list) else value


def _entries(archive: Any) -> dict[str, bytes]:
    if isinstance(archive, pulumi.FileArchive):
        return _folder(Path(archive.path))
    if not isinstance(archive, pulumi.AssetArchive):
        raise DeploymentError(
            f"an archive of type {type(archive).__name__} isn't known to the local deployment:"
            f" use an AssetArchive or a FileArchive, or add it to local/deployment/assets.py"
        )
    entries: dict[str, bytes] = {}
    for name, inner in archive.assets.items():
        if isinstance(inner, pulumi.Archive):
            entries |= {f"{name}/{path}": data for path, data in _entries(inner).items()}
        else:
            entries[name] = asset_bytes(inner)
    return entries


def _folder(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
