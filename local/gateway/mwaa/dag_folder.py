"""The files of an environment's bucket: the DAG folder is synchronized, others are fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


class DagFolder:
    """A local folder with the objects of a prefix."""

    def __init__(self, s3: Any, bucket: str, prefix: str, folder: Path) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._prefix = prefix.rstrip("/") + "/"
        self._folder = folder
        self._etags: dict[str, str] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def synchronize(self) -> None:
        """Fetch new and changed objects, remove the files of deleted ones."""
        found = self._listed()
        changed = [name for name, etag in found.items() if self._etags.get(name) != etag]
        deleted = self._etags.keys() - found.keys()
        for name in changed:
            self._fetch(name)
        for name in deleted:
            (self._folder / name).unlink(missing_ok=True)
        self._etags = found
        if changed or deleted:
            self._mark_as_modified()

    def _mark_as_modified(self) -> None:
        """Airflow parses a file again when it is modified, not when one that it reads is."""
        for file in self._folder.rglob("*.py"):
            file.touch()

    def _listed(self) -> dict[str, str]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=self._prefix
        )
        rows = [row for page in pages for row in page.get("Contents", [])]
        named = {row["Key"].removeprefix(self._prefix): row["ETag"] for row in rows}
        # A key with `..` would leave the folder.
        return {
            name: etag
            for name, etag in named.items()
            if name and not name.endswith("/") and ".." not in name.split("/")
        }

    def _fetch(self, name: str) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        # Under a hidden name until it is complete, so that Airflow never parses a part of it.
        temporary = path.with_name(f".{path.name}.new")
        self._s3.download_file(self._bucket, self._prefix + name, str(temporary))
        temporary.replace(path)


def fetch(s3: Any, bucket: str, key: str, version: str | None, path: Path) -> None:
    """Fetch one object, in the version that the environment names."""
    extra = {"VersionId": version} if version else None
    s3.download_file(bucket, key, str(path), ExtraArgs=extra)
