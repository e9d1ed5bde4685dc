"""The arguments that every run of the Glue job has; a run adds its bucket, its key and its run.

None may be overridden by a run (ADR 82).
"""

from __future__ import annotations

from collections.abc import Sequence

from components.data_pipeline.glue_names import log_prefix
from components.data_pipeline.glue_script import CodeFile, TeamCode
from components.pipeline.object_keys import GLUE_PACKAGE, GLUE_SCRIPT, GLUE_SETTINGS, GLUE_TEMPORARY
from components.pipeline.site import PipelineSite
from components.topology.model import DataPipeline

ONLY_THESE_WHEELS = "--no-deps --no-index"
"""The options of pip, with which it asks no package index for anything."""


def fixed_arguments(site: PipelineSite, pipeline: DataPipeline, code: TeamCode) -> dict[str, str]:
    """All of them."""
    return {**_settings(site, pipeline), **_code(site, code)}


def script_location(site: PipelineSite) -> str:
    """Where the script is that Glue starts."""
    return _location(site, GLUE_SCRIPT)


def _location(site: PipelineSite, key: str) -> str:
    return f"s3://{site.bucket_name}/{key}"


def _locations(site: PipelineSite, files: Sequence[CodeFile]) -> list[str]:
    return [_location(site, file.key) for file in files]


def _code(site: PipelineSite, code: TeamCode) -> dict[str, str]:
    """The arguments by which Glue takes code or files: the deployed ones, and nothing beside."""
    package = _location(site, GLUE_PACKAGE)
    options = {"--python-modules-installer-option": ONLY_THESE_WHEELS} if code.wheels else {}
    return {
        "--additional-python-modules": ",".join(_locations(site, code.wheels)),
        "--extra-files": "",
        "--extra-jars": "",
        "--extra-py-files": ",".join([package, *_locations(site, code.python_files)]),
        "--scriptLocation": script_location(site),
        **options,
    }


def _settings(site: PipelineSite, pipeline: DataPipeline) -> dict[str, str]:
    network = {"--disable-proxy-v2": "true"} if pipeline.network else {}
    scaling = {"--enable-auto-scaling": "true"} if pipeline.glue.autoscaling else {}
    return {
        "--TempDir": _location(site, GLUE_TEMPORARY),
        # Spark's S3 client asks us-east-2 first without this option (AWS Glue developer guide,
        # "Migrating AWS Glue for Spark jobs to AWS Glue version 5.1").
        "--conf": f"spark.hadoop.fs.s3a.endpoint.region={site.region}",
        "--custom-logGroup-prefix": log_prefix(site),
        "--drop_duplicates": "true" if pipeline.drop_duplicates else "false",
        "--enable-continuous-cloudwatch-log": "true",
        "--enable-metrics": "true",
        # A run reads one named file, so there is nothing to remember between runs.
        "--job-bookmark-option": "job-bookmark-disable",
        "--job-language": "python",
        "--label_column": pipeline.label_column,
        "--max_rejected_fraction": str(pipeline.max_rejected_fraction),
        "--min_rows": str(pipeline.min_rows),
        "--settings_key": GLUE_SETTINGS,
        # In a network the job calls AWS through it, too: otherwise Glue's own proxy would lead to
        # AWS past the network's endpoints and their policies.
        **network,
        **scaling,
    }
