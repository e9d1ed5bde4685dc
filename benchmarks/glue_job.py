"""How long the Glue job takes for a table of numbers, and the memory of its processes.

`python -m benchmarks.glue_job ROWS` measures another number of rows than `make bench` does.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from benchmarks.figure import Figure, NotMeasuredError
from benchmarks.memory import ProcessFamily
from components.data_pipeline.glue_code import SCRIPT, package
from local.deployment.assets import archive_bytes
from local.gateway.glue import spark
from local.gateway.settings import Settings
from tests.workloads import s3_stand_in
from tests.workloads.glue_job import GlueJob

ROWS, COLUMNS = 1_000_000, 20
_ROWS_AT_ONCE = 100_000
_SAMPLE_SECONDS = 0.5

_READ_AND_WRITE = """
import sys
from pyspark.sql import SparkSession
SparkSession.builder.getOrCreate().read.text(sys.argv[1]).write.text(sys.argv[2])
"""
"""The least that Spark could do."""


def figures(rows: int = ROWS) -> Iterator[Figure]:
    """The job's script as the local run starts it, and Spark alone on the same file."""
    with tempfile.TemporaryDirectory() as name, _uploaded(Path(name), rows) as job:
        folder = Path(name)
        uri, staged = (f"s3://{job.pipeline.bucket}/{key}" for key in (job.key, "staging/copy"))
        (folder / "package.zip").write_bytes(archive_bytes(package()))
        commands = {
            "the Glue job": ["-P", str(SCRIPT), *job.arguments("c0", 0.0)],
            "Spark alone, reading and writing": ["-c", _READ_AND_WRITE, uri, staged],
        }
        for what, arguments in commands.items():
            start = time.monotonic()
            family = _run(arguments, job, folder)
            took, label = time.monotonic() - start, f"{what}, {rows:,} rows of {COLUMNS} columns"
            target = 60 if (what, rows) == ("the Glue job", ROWS) else None
            yield Figure(what=label, value=took, target=target)
            yield Figure(what="  of both processors", value=family.processor_seconds)
            yield Figure(what="  peak memory", value=family.peak, unit="GiB")


@contextmanager
def _uploaded(folder: Path, rows: int) -> Iterator[GlueJob]:
    """The job, with its source and settings in a bucket."""
    with s3_stand_in.server(folder) as endpoint:
        pipeline = s3_stand_in.make_pipeline(endpoint, "east1", "glue", "us-east-1")
        job = GlueJob(pipeline)
        table = folder / "table.csv"
        _write_table(table, rows)
        pipeline.root.client("s3").upload_file(str(table), pipeline.bucket, job.key)
        table.unlink()
        job.split = {"by": "record"}
        job.write_settings()
        yield job


def _write_table(path: Path, rows: int) -> None:
    """A label of 0 and 1, then features of six digits."""
    random = np.random.default_rng(0)
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(f"c{place}" for place in range(COLUMNS)) + "\n")
        for start in range(0, rows, _ROWS_AT_ONCE):
            count = min(_ROWS_AT_ONCE, rows - start)
            table = random.normal(size=(count, COLUMNS))
            table[:, 0] = random.integers(2, size=count)
            np.savetxt(file, table, fmt="%.6g", delimiter=",")


def _run(arguments: Sequence[str], job: GlueJob, folder: Path) -> ProcessFamily:
    work = Path(tempfile.mkdtemp(dir=folder))
    (work / "temporary").mkdir()
    settings = Settings(port=int(job.pipeline.role.endpoint.rpartition(":")[2]), directory=work)
    head = job.pipeline.root.client("s3").head_object(Bucket=job.pipeline.bucket, Key=job.key)
    spark.write_defaults(spark.defaults(settings, work, head["ContentLength"]), work)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(work),
        "PYTHONPATH": str(folder / "package.zip"),
        **spark.variables(work, work / "temporary"),
        **job.pipeline.role.variables(),
    }
    with (work / "output.txt").open("wb") as output:
        command = [sys.executable, *arguments]
        process = subprocess.Popen(
            command, cwd=work, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    family = ProcessFamily(process.pid)
    while process.poll() is None:
        family.sample()
        time.sleep(_SAMPLE_SECONDS)
    if process.returncode:
        said = (work / "output.txt").read_text(encoding="utf-8", errors="replace")[-2000:]
        raise NotMeasuredError(f"the job ended with {process.returncode}:\n{said}")
    return family


if __name__ == "__main__":
    from benchmarks.__main__ import line

    for figure in figures(int(sys.argv[1])):
        print(line(figure), flush=True)
