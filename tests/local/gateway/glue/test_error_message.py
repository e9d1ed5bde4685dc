"""Which of the lines a script printed becomes its ErrorMessage."""

from __future__ import annotations

import pytest

from local.gateway.glue.error_message import error_message

_SPARK = """\
26/01/01 00:00:00 WARN NativeCodeLoader: Unable to load native-hadoop library
Traceback (most recent call last):
  File "/tmp/job.py", line 3, in <module>
    read()
pyspark.errors.exceptions.captured.AnalysisException: [PATH_NOT_FOUND] no such path.
"""

_JAVA = """\
Traceback (most recent call last):
  File "/tmp/job.py", line 3, in <module>
py4j.protocol.Py4JJavaError: An error occurred while calling o41.csv.
: java.nio.file.AccessDeniedException: s3://b/a: getFileStatus
\tat org.apache.hadoop.fs.s3a.S3AUtils.translateException(S3AUtils.java:255)
\tat org.apache.hadoop.fs.s3a.S3AUtils.translateException(S3AUtils.java:175)
"""

_CHAINED = """\
Traceback (most recent call last):
KeyError: 'label'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/tmp/job.py", line 9, in <module>
RawDataError: raw/a.csv has no column label
"""


@pytest.mark.parametrize(
    ("output", "message"),
    [
        (
            _SPARK,
            "pyspark.errors.exceptions.captured.AnalysisException: [PATH_NOT_FOUND] no such path.",
        ),
        (_JAVA, "py4j.protocol.Py4JJavaError: An error occurred while calling o41.csv."),
        (_CHAINED, "RawDataError: raw/a.csv has no column label"),
        ("working\n  on it\nraw/a.csv is empty\n\n", "raw/a.csv is empty"),
        ("", "The script ended with exit status 3 and printed nothing."),
    ],
)
def test_it_is_the_last_plain_sentence(output: str, message: str) -> None:
    assert error_message(output, 3) == message
