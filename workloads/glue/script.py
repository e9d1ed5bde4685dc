"""A team's own script: a Python file with `transform(spark, source)`, which returns a data frame.

The deployment puts it on Python's path, of the driver and of Spark's workers.
"""

from __future__ import annotations

import importlib
import re
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from py4j.protocol import Py4JError  # type: ignore[import-untyped]
from pyspark.sql import DataFrame, SparkSession

from workloads.glue.dialect import CSV, JSON_LINES, UTF_16, Input
from workloads.glue.errors import JobError, ScriptError
from workloads.glue.spark_errors import text_of_cause

MESSAGE_CHARACTERS = 500

_MAY_PASS = (OSError, MemoryError, BotoCoreError, ClientError, Py4JError)
"""What another attempt may not meet: failures of the network, of S3, of Spark itself."""

_WORKER_FRAME = r'File "[^"]*?(?:^|[/\\"]){name}", line (\d+)'
_WORKER_ERROR = re.compile(r"^(?:\w+\.)*\w+(?::.*)?$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Script:
    """The script that the settings name."""

    file: str
    """Its path in the team's project, for messages."""

    key: str
    """Where it is in the bucket, below the hash of its content."""

    arguments: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    """The keys of further objects, by name."""

    @property
    def name(self) -> PurePosixPath:
        """The name of the file, as Python finds it."""
        return PurePosixPath(self.key.rpartition("/")[2])


@dataclass(frozen=True, kw_only=True)
class ScriptSource:
    """What `transform` is given: the copies of the versions that the run reads."""

    paths: list[str]
    """The URIs of the raw files, in the order of their keys."""

    inputs: Mapping[str, str]
    """The URIs of the further inputs, by name."""

    arguments: Mapping[str, str]
    input: Input

    def read(self, spark: SparkSession) -> DataFrame:
        """The raw files as the topology's `input` says; of CSV, every column is a text."""
        given = self.input
        if given.format != CSV:
            form = "json" if given.format == JSON_LINES else given.format
            return spark.read.load(self.paths, format=form)
        frame = spark.read.csv(
            self.paths,
            header=not given.header,
            multiLine=True,
            encoding="UTF-16" if given.encoding == UTF_16 else given.encoding,
            sep=given.delimiter,
            quote=given.quote,
            escape=given.quote,
        )
        return frame.toDF(*given.header) if given.header else frame


def script_of(settings: Mapping[str, Any]) -> Script | None:
    """The script of the job's settings, if the team has one."""
    given = settings.get("script")
    return Script(**given) if given else None


def returned_frame(script: Script, spark: SparkSession, source: ScriptSource) -> DataFrame:
    """The data frame that the script returns; all that it raises becomes one sentence."""
    try:
        function = getattr(importlib.import_module(script.name.stem), "transform", None)
        if not callable(function):
            raise ScriptError(
                f"{script.file} has no function transform(spark, source): define it, at the top "
                "level.",
                is_certain=True,
            )
        frame = function(spark, source)
    except JobError:
        raise
    except (Exception, SystemExit) as error:
        raise script_error(script, error) from error
    if not isinstance(frame, DataFrame):
        raise ScriptError(
            f"{script.file}: transform returned {type(frame).__name__}; it has to return a Spark "
            "DataFrame.",
            is_certain=True,
        )
    if not frame.columns:
        raise ScriptError(
            f"{script.file}: transform returned a data frame without columns; it needs the label "
            "and features.",
            is_certain=True,
        )
    return frame


def script_error(script: Script, error: BaseException) -> ScriptError:
    """The sentence for an error: the script's last line that led to it, and what it says."""
    text = text_of_cause(error)
    in_worker = "Traceback (most recent call last)" in text
    if in_worker:
        raised = [line for line in text.splitlines() if _WORKER_ERROR.match(line)]
        lines = re.findall(_WORKER_FRAME.format(name=re.escape(str(script.name))), text)
        line, said = int(lines[-1]) if lines else None, raised[-1] if raised else text
    else:
        line = _line(script, error)
        said = f"{type(error).__name__}: {text.splitlines()[0] if text else 'no message'}"
    place = f"{script.file}, line {line}" if line else script.file
    return ScriptError(
        f"{place}: {said[:MESSAGE_CHARACTERS].rstrip('.')}.",
        is_certain=in_worker or not isinstance(error, _MAY_PASS),
    )


def _line(script: Script, error: BaseException) -> int | None:
    """The script's line in the error's trace, or where Python can't read it."""
    name = str(script.name)
    if isinstance(error, SyntaxError) and PurePosixPath(error.filename or "").name == name:
        return error.lineno
    frames = traceback.extract_tb(error.__traceback__)
    lines = [each.lineno for each in frames if PurePosixPath(each.filename).name == name]
    return lines[-1] if lines else None
