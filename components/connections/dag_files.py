"""The files in `dags/`, as objects of the bucket that Amazon MWAA synchronizes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_aws as aws

FOLDER = "dags/"
"""The prefix of all DAG files."""

TOPOLOGY_KEY = f"{FOLDER}topology.json"

_CONTENT_TYPES = {
    ".json": "application/json",
    ".py": "text/x-python",
    ".txt": "text/plain",
}
_OTHER_CONTENT_TYPE = "application/octet-stream"


@dataclass(frozen=True, kw_only=True)
class DagFilesArgs:
    """`topology` is the text of `topology.json`; `directory` holds the DAG files."""

    bucket_name: pulumi.Input[str]
    directory: Path
    topology: pulumi.Input[str]
    bucket_ready: Sequence[pulumi.Resource] = ()


class DagFiles(pulumi.ComponentResource):
    """`topology.json` first, then every file of the DAG folder.

    A DAG file reads the topology when it is parsed, so none is uploaded before it.
    """

    def __init__(
        self, name: str, args: DagFilesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:DagFiles", name, None, opts)
        topology = aws.s3.BucketObjectv2(
            f"{name}-topology",
            bucket=args.bucket_name,
            key=TOPOLOGY_KEY,
            content=args.topology,
            content_type=_CONTENT_TYPES[".json"],
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(args.bucket_ready)),
        )
        for relative, path in dag_files(args.directory).items():
            aws.s3.BucketObjectv2(
                f"{name}-{relative}",
                bucket=args.bucket_name,
                key=f"{FOLDER}{relative}",
                source=pulumi.FileAsset(str(path)),
                content_type=content_type(path),
                opts=pulumi.ResourceOptions(parent=self, depends_on=[topology]),
            )
        self.register_outputs({})


def dag_files(directory: Path) -> Mapping[str, Path]:
    """Every file below `directory` by its relative path, without hidden ones and caches.

    Raises ValueError when there is none: the environment would start and run nothing.
    """
    files = {
        path.relative_to(directory).as_posix(): path
        for path in sorted(directory.rglob("*"))
        if path.is_file() and not _is_left_out(path.relative_to(directory))
    }
    if not files:
        raise ValueError(f"{directory} holds no DAG file: Amazon MWAA would have nothing to run")
    return files


def content_type(path: Path) -> str:
    """The content type of a DAG file, the same on every machine."""
    return _CONTENT_TYPES.get(path.suffix, _OTHER_CONTENT_TYPE)


def _is_left_out(relative: Path) -> bool:
    """Whether a file is hidden, cached, or written by the deployment itself.

    `.airflowignore` is hidden, and yet Airflow's.
    """
    if relative.name == ".airflowignore":
        return False
    hidden = any(part.startswith(".") or part == "__pycache__" for part in relative.parts)
    return hidden or relative.suffix == ".pyc" or f"{FOLDER}{relative}" == TOPOLOGY_KEY
