"""The training data of several sources as one run: copies of their files, and one manifest.

A training job's channel is one prefix, so the files of all sources are copied side by side, within
the ML pipeline's bucket. From then on everything is as for a run of one source.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from cross_account.chosen_runs import Chosen
from cross_account.manifest import CHANNELS, Manifest, ManifestError, channel_of, check_files
from cross_account.pipeline_bucket import PipelineBucket
from cross_account.run import manifest_key, run_prefix
from cross_account.same_columns import check_schemas

ATTEMPT = "combined"
"""In place of a Glue job's attempt, whose names are hexadecimal."""

COPIES_AT_ONCE = 8


def combined_folder(run: str) -> str:
    """The prefix of the copies."""
    return f"{run_prefix(run)}{ATTEMPT}/"


def is_combined(bucket: PipelineBucket, run: str) -> bool:
    """Whether the copies of a training's files are complete."""
    manifest = bucket.read_json(manifest_key(run))
    if isinstance(manifest, dict) and "sources" not in manifest:
        raise ManifestError(
            f"{bucket.url(manifest_key(run))} is of a source's run, which has the same name as "
            "this training: trigger a new DAG run."
        )
    return manifest is not None


def combine(bucket: PipelineBucket, chosen: Chosen) -> None:
    """Check and copy the files of all sources, and write the manifest of the whole."""
    manifests = chosen.checked
    for manifest in manifests.values():
        check_files(manifest, bucket.sizes(manifest.folder))
    files = _targets(chosen.run, manifests)
    schema = _schema(bucket, chosen.run, manifests)
    with ThreadPoolExecutor(COPIES_AT_ONCE) as pool:
        list(pool.map(bucket.copy, files.keys(), files.values()))
    bucket.write_json(manifest_key(chosen.run), _manifest(chosen, manifests, files, schema))


def _targets(run: str, manifests: Mapping[str, Manifest]) -> dict[str, str]:
    """The key of each file's copy, which names its source."""
    return {
        file.key: f"{combined_folder(run)}{channel_of(manifest.channels, file.key)}/"
        f"{name}-{file.key.rpartition('/')[2]}"
        for name, manifest in manifests.items()
        for file in manifest.files
    }


def _schema(
    bucket: PipelineBucket, run: str, manifests: Mapping[str, Manifest]
) -> dict[str, Any] | None:
    """Write the schema that all sources have, if all have one; returns it as a file."""
    files = {name: each.schema_file for name, each in manifests.items()}
    schemas: dict[str, Any] = {
        name: bucket.read_json(file.key) for name, file in files.items() if file is not None
    }
    if len(schemas) < len(manifests):
        return None
    check_schemas(schemas)
    content = {
        **next(iter(schemas.values())),
        "run": run,
        "sources": {name: each.run for name, each in manifests.items()},
    }
    key = f"{combined_folder(run)}schema.json"
    return {"key": key, "size": bucket.write_json(key, content)}


def _manifest(
    chosen: Chosen,
    manifests: Mapping[str, Manifest],
    files: Mapping[str, str],
    schema: Mapping[str, Any] | None,
) -> dict[str, Any]:
    sizes = {file.key: file.size for each in manifests.values() for file in each.files}
    rows: Counter[str] = Counter()
    for each in manifests.values():
        rows.update(each.rows.model_dump())
    first = next(iter(chosen.manifests.values()))
    return {
        "version": 1,
        "run": chosen.run,
        "attempt": ATTEMPT,
        "source": {},
        "sources": {name: _used(content) for name, content in chosen.manifests.items()},
        "columns": first.get("columns"),
        "classes": _classes(manifests),
        "schema": schema,
        "rows": dict(rows),
        "channels": {name: f"{combined_folder(chosen.run)}{name}/" for name in CHANNELS},
        "files": [{"key": copy, "size": sizes[key]} for key, copy in files.items()],
        "superseded": chosen.superseded,
    }


def _used(content: Mapping[str, Any]) -> dict[str, Any]:
    """What names a source's manifest, and what it was made from."""
    run = content["run"]
    return {
        "manifest": f"s3://{content['source'].get('bucket')}/{manifest_key(run)}",
        **{key: content.get(key) for key in ("run", "attempt", "source", "rows")},
        **{key: content[key] for key in ("script", "program") if key in content},
    }


def _classes(manifests: Mapping[str, Manifest]) -> int | None:
    """Each source's labels are the integers from 0 on, or the classes of one schema."""
    counts = [each.classes for each in manifests.values()]
    known = [count for count in counts if count is not None]
    return max(known) if len(known) == len(counts) else None
