"""Copies that are packed with Zstandard, which Spark can't read, unpacked before anything is read.

Hadoop has a native library for it that neither Spark nor AWS Glue promises. Spark itself brings
another one, zstd-jni, for its own files.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from py4j.protocol import Py4JJavaError  # type: ignore[import-untyped]
from pyspark.sql import SparkSession

from workloads.glue.arguments import Job
from workloads.glue.dialect import PARQUET, ZSTANDARD, compression_of
from workloads.glue.errors import InputError
from workloads.glue.source import Source, SourceFile
from workloads.glue.spark_errors import cause

_BUFFER = 1024 * 1024


def unpacked(s3: Any, job: Job, source: Source, session: Callable[[], SparkSession]) -> Source:
    """The source with its Zstandard files unpacked; the driver unpacks one after the other."""
    if source.input.format == PARQUET or not any(map(_is_packed, source.files)):
        return source
    files = [
        _unpacked(s3, job, file, session()) if _is_packed(file) else file for file in source.files
    ]
    return replace(source, files=tuple(files))


def _is_packed(file: SourceFile) -> bool:
    return compression_of(file.key) == ZSTANDARD


def _unpacked(s3: Any, job: Job, file: SourceFile, spark: SparkSession) -> SourceFile:
    target = file.copy_key.removesuffix(ZSTANDARD)
    try:
        _unpack(spark, job.uri(file.copy_key), job.uri(target))
    except Py4JJavaError as error:
        raise InputError(
            f"{job.uri(file.key)} can't be unpacked as Zstandard, as its name says that it is "
            f"({ZSTANDARD}): {cause(error)}"
        ) from error
    # Spark reads every object of the folder.
    s3.delete_object(Bucket=job.bucket, Key=file.copy_key)
    return replace(file, copy_key=target)


def _unpack(spark: SparkSession, packed: str, target: str) -> None:
    jvm: Any = spark._jvm  # noqa: SLF001 - the only way to Java's libraries
    path = jvm.org.apache.hadoop.fs.Path(packed)
    files = path.getFileSystem(spark._jsc.hadoopConfiguration())  # noqa: SLF001
    content = jvm.com.github.luben.zstd.ZstdInputStream(files.open(path))
    written = files.create(jvm.org.apache.hadoop.fs.Path(target))
    closes_both = True
    jvm.org.apache.hadoop.io.IOUtils.copyBytes(content, written, _BUFFER, closes_both)
