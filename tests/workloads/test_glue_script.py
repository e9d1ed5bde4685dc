"""A team's own script: its data frame is counted and published, and its failures are sentences."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.mocks import ROOT
from tests.workloads.glue_job import GlueJob
from workloads.glue.errors import SCRIPT_FAILED, JobError
from workloads.glue.script import Script, script_error

pytestmark = pytest.mark.spark

EXAMPLE = ROOT / "tests" / "glue_script" / "orders.py"

ORDERS = "order_id;customer_id;ordered_at;amount;status;late\n" + "".join(
    f"{row};{row % 5};2026-0{1 + row % 3}-11;{row}.5;{'paid' if row % 4 else 'open'};{row % 2}\n"
    for row in range(120)
)
CUSTOMERS = "customer_id,customer_since,country\n" + "".join(
    f"{row},2026-01-0{row + 1},{('DE', 'FR')[row % 2]}\n" for row in range(4)
)


@pytest.fixture
def scripted(
    spark_job: GlueJob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], GlueJob]:
    """The job with a script of the given text, as Glue puts it on Python's path."""

    def job_with(text: str) -> GlueJob:
        name = f"script_{uuid.uuid4().hex}.py"
        (tmp_path / name).write_text(text, encoding="utf-8")
        monkeypatch.syspath_prepend(str(tmp_path))
        spark_job.settings["script"] = {"file": "team/own.py", "key": f"scripts/glue/0/{name}"}
        return spark_job

    return job_with


@pytest.mark.verification
def test_the_example_joins_two_inputs(scripted: Callable[[str], GlueJob]) -> None:
    job = scripted(EXAMPLE.read_text(encoding="utf-8"))
    key = f"raw/{uuid.uuid4().hex}/customers.csv"
    job.pipeline.put(key, CUSTOMERS.encode())
    job.settings["input"] = {"delimiter": ";"}
    job.settings["script"] |= {"arguments": {"until": "2026-03-01"}, "inputs": {"customers": key}}
    outcome = job.convert(ORDERS)
    rows = [row for row in range(120) if row % 4 and row % 3 < 2]
    assert outcome.rows["input"] == len(rows) == len(outcome.lines)
    expected = []
    for row in rows:
        customer, month = row % 5, row % 3
        days = "" if customer == 4 else f"{month * 31 + 10 - customer}"
        country = ["1,0", "0,1", "1,0", "0,1", ","][customer]
        expected.append(f"{row % 2},{row}.5,{days},{country}")
    assert outcome.lines == sorted(expected)
    script = outcome.manifest["script"]
    assert script["inputs"]["customers"]["key"] == key
    assert script["inputs"]["customers"]["version_id"]
    assert outcome.manifest["source"]["version_id"] == job.version()
    assert job.pipeline.keys(f"staging/run={job.run_id}/") == []


@pytest.mark.verification
def test_rejected_rows_name_the_part_of_the_data_frame(
    scripted: Callable[[str], GlueJob],
) -> None:
    job = scripted(
        "def transform(spark, source):\n"
        "    spark.conf.set('spark.sql.session.timeZone', 'Asia/Tokyo')\n"
        "    return source.read(spark).repartition(3)\n"
    )
    job.settings["columns"] = {"a": {"kind": "number"}}
    job.split = {"by": "group", "column": "a"}
    outcome = job.convert("label,a\n" + "".join(f"{n % 2},{n}\n" for n in range(60)) + "1,x\n1,x\n")
    assert outcome.rows["input"] == 62
    assert outcome.reasons == ["a: not a number"] * 2
    assert outcome.manifest["split"] == job.split
    assert all(row["file"].startswith("team/own.py#") for row in outcome.rejected)


WRONG = {
    "no function": ("x = 1\n", "has no function transform"),
    "wrong syntax": ("x = 1\ndef transform(:\n", "team/own.py, line 2: SyntaxError: "),
    "an error": (
        "def transform(spark, source):\n    return {}['a']\n",
        "team/own.py, line 2: KeyError: 'a'.",
    ),
    "an end": ("raise SystemExit(3)\n", "team/own.py, line 1: SystemExit: 3."),
    "no data frame": ("def transform(spark, source):\n    return 7\n", "transform returned int"),
    "no column": (
        "def transform(spark, source):\n    return source.read(spark).select()\n",
        "a data frame without columns",
    ),
    "no label": (
        "def transform(spark, source):\n    return source.read(spark).drop('label')\n",
        "team/own.py's data frame has no label column 'label'",
    ),
    "names twice": (
        "def transform(spark, source):\n    return source.read(spark).select('label', 'a', 'a')\n",
        "has more than one column of the name 'a'",
    ),
    "an unknown column": (
        "def transform(spark, source):\n    return source.read(spark).select('none')\n",
        "team/own.py, line 2: AnalysisException: ",
    ),
    "an error in a worker": (
        """from pyspark.sql import functions as F
def transform(spark, source):
    def ratio(a):
        return 1 / 0
    return source.read(spark).withColumn("b", F.udf(ratio, "double")("a"))
""",
        "team/own.py, line 4: ZeroDivisionError: division by zero.",
    ),
}


@pytest.mark.verification
@pytest.mark.parametrize("case", WRONG)
def test_a_failure_is_one_sentence_and_publishes_nothing(
    scripted: Callable[[str], GlueJob], case: str
) -> None:
    text, expected = WRONG[case]
    job = scripted(text)
    with pytest.raises(JobError) as failure:
        job.convert("label,a\n1,2\n0,3\n")
    sentence = str(failure.value)
    assert expected in sentence
    assert "\n" not in sentence
    assert failure.value.start  # another attempt would fail alike
    assert job.traces() == []


def test_the_guide_shows_the_example_that_is_tested() -> None:
    guide = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    assert f"```python\n{EXAMPLE.read_text(encoding='utf-8')}```" in guide


def test_what_may_pass_is_tried_again() -> None:
    script = Script(file="team/own.py", key="scripts/glue/0/own.py")
    assert script_error(script, ConnectionError("reset")).start == ""
    assert script_error(script, ValueError("7")).start == SCRIPT_FAILED
