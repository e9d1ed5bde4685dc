"""Every format and dialect of the input becomes the same rows, and every row is accounted for."""

from __future__ import annotations

import bz2
import gzip
import json
from typing import Any

import pytest
from pyspark.sql import SparkSession

from tests.workloads.glue_job import GlueJob, Published
from workloads.glue.errors import InputError
from workloads.glue.record import model_row

ROWS = [(row % 2, 1000 + row / 2, ("Köln", "Rom", "Aix")[row % 3]) for row in range(60)]
LINES = "label,size,city\n" + "".join(f"{a},{b},{c}\n" for a, b, c in ROWS)
GERMAN = "label;size;city\n" + "".join(
    f"{a};{b:,.1f};{c}\n".replace(",", "'").replace(".", ",").replace("'", ".") for a, b, c in ROWS
)
OBJECTS = [{"label": a, "size": b, "at": {"city": c}} for a, b, c in ROWS]
JSON = "".join(json.dumps(one) + "\n" for one in OBJECTS)
DE: dict[str, Any] = {"delimiter": ";", "decimal": ",", "thousands": "."}


def zstandard(content: bytes) -> bytes:
    """A frame of one block that isn't compressed (RFC 8878, 3.1.1): Python packs none itself."""
    size, block = len(content).to_bytes(4, "little"), (len(content) << 3 | 1).to_bytes(3, "little")
    return b"\x28\xb5\x2f\xfd" + b"\xa0" + size + block + content


CASES: dict[str, tuple[str, bytes, dict[str, Any]]] = {
    "plain": (".csv", LINES.encode(), {}),
    "gzip": (".csv.gz", gzip.compress(LINES.encode()), {}),
    "bzip2": (".csv.bz2", bz2.compress(LINES.encode()), {}),
    "Zstandard": (".csv.zst", zstandard(LINES.encode()), {}),
    "decimal commas in Windows-1252": (
        ".csv",
        GERMAN.encode("cp1252"),
        {**DE, "encoding": "windows-1252"},
    ),
    "UTF-16": (".csv", GERMAN.encode("utf-16"), {**DE, "encoding": "utf-16"}),
    "no header": (
        ".csv",
        LINES.partition("\n")[2].replace(",", "\t").encode(),
        {"delimiter": "\t", "quote": "", "header": ["label", "size", "city"]},
    ),
    "single quotes and spaces between thousands": (
        ".csv",
        LINES.replace(",1", ",'1\u202f")
        .replace(".", ",")
        .replace(",Köln", "',Köln")
        .replace(",Rom", "',Rom")
        .replace(",Aix", "',Aix")
        .encode(),
        {"quote": "'", "decimal": ",", "thousands": " "},
    ),
    "JSON Lines": (".jsonl", JSON.encode(), {"format": "json_lines"}),
    "JSON Lines, gzip": (".jsonl.gz", gzip.compress(JSON.encode()), {"format": "json_lines"}),
}


def outcome_of(job: GlueJob, case: str, **options: str) -> Published:
    end, body, job.settings["input"] = CASES[case]
    job.key = job.key.removesuffix(".csv") + end
    job.options |= options
    return job.convert(body)


@pytest.mark.spark
@pytest.mark.verification
@pytest.mark.parametrize("case", CASES)
def test_every_format_gives_the_same_rows(spark_job: GlueJob, case: str) -> None:
    outcome = outcome_of(spark_job, case)
    places = {"Aix": "1,0,0", "Köln": "0,1,0", "Rom": "0,0,1"}
    expected = [f"{a},{b:g},{places[c]}" for a, b, c in ROWS]
    if case.startswith("JSON"):
        # Spark sorts the names.
        expected = [f"{a},{places[c]},{b:g}" for a, b, c in ROWS]
    assert outcome.lines == sorted(expected)
    assert outcome.rows["rejected"] == 0
    if case == "UTF-16":
        schema = json.loads(spark_job.pipeline.get(outcome.manifest["schema"]["key"]))
        for size in ("1.000,5", 1000.5):
            assert model_row(schema, {"size": size, "city": "Rom"}) == [1000.5, 0, 0, 1]


@pytest.mark.spark
@pytest.mark.verification
@pytest.mark.parametrize("body", [LINES.encode(), zstandard(LINES.encode())[:-100]])
def test_what_is_no_zstandard_or_cut_off_is_refused(spark_job: GlueJob, body: bytes) -> None:
    spark_job.key = spark_job.key.removesuffix(".csv") + ".csv.zst"
    with pytest.raises(InputError, match=r"can't be unpacked as Zstandard"):
        spark_job.convert(body)


@pytest.mark.spark
@pytest.mark.verification
def test_a_line_that_is_no_object_is_rejected_and_kept(spark_job: GlueJob) -> None:
    spark_job.settings["input"] = {"format": "json_lines", "missing": ["NA"]}
    spark_job.key = f"{spark_job.key}.jsonl"
    bad = [
        b'{"label": 1, "size": 5',
        b"5",
        b'[{"label": 1}]',
        b'{"label": 1} {"label": 0}',
        b'{"label": 1, "at": {"city": "\xff"}}',
    ]
    good = b'\n{"label": 1, "size": "NA", "at": {"city": "K\\u00f6ln"}, "list": [1, 2]}\n'
    nothing = b'{"label": 0, "size": NaN, "at": null}\n'
    outcome = spark_job.convert(JSON.encode() + good + nothing + b"\n".join(bad))
    assert outcome.reasons == ["not a JSON object"] * len(bad)
    rejected = sorted(outcome.rejected, key=lambda row: int(row["record"]))
    assert [row["record"] for row in rejected] == list(range(64, 64 + len(bad)))
    assert [row["text"].encode("latin-1") for row in rejected] == bad
    assert {"1,1,0,0,1,", "0,,,,,"} <= set(outcome.lines)


@pytest.mark.spark
@pytest.mark.verification
def test_every_file_below_a_prefix_is_read(spark_job: GlueJob, spark: SparkSession) -> None:
    """The same as one file: its parts are named in the manifest, and rejected rows by their own."""
    folder = spark_job.key.removesuffix("data.csv")
    spark_job.options["drop_duplicates"] = "true"
    spark_job.split = {"by": "record"}
    head, *lines = LINES.splitlines(keepends=True)
    spark_job.pipeline.put(f"{folder}b.csv", (head + "".join(lines[30:]) + "1,2\n").encode())
    spark_job.pipeline.put(
        f"{folder}c/d.csv.gz", gzip.compress((head + "x,1,Rom\n" + lines[0]).encode())
    )
    spark_job.pipeline.put(f"{folder}_SUCCESS", b"")
    spark_job.key = folder
    spark_job.pipeline.put(f"{folder}a.csv", (head + "".join(lines[:30])).encode())
    spark_job.start()
    outcome = spark_job.published()
    assert outcome.rows["input"] == 63
    assert outcome.rows["duplicates"] == 1
    assert sorted((row["file"], row["record"], row["reason"]) for row in outcome.rejected) == [
        (f"{folder}b.csv", 31, "not 3 cells"),
        (f"{folder}c/d.csv.gz", 1, "label: not a number"),
    ]
    source = outcome.manifest["source"]
    assert [each["key"] for each in source["objects"]] == [
        f"{folder}a.csv",
        f"{folder}b.csv",
        f"{folder}c/d.csv.gz",
    ]
    assert all(each["version_id"] for each in source["objects"])


@pytest.mark.spark
@pytest.mark.verification
def test_parquet_keeps_its_types(spark_job: GlueJob, spark: SparkSession, tmp_path: Any) -> None:
    spark_job.settings["input"] = {"format": "parquet"}
    frame = spark.createDataFrame(
        [(*row, row[2] == "Rom", f"{row[1]}") for row in ROWS],
        "label int, size double, city string, paid boolean, price string",
    ).selectExpr(
        "label",
        "if(size = 1000, double('NaN'), size) AS `the.size`",
        "struct(city, paid) AS at",
        "price",
        "timestamp '2026-01-01 00:00:00 UTC' + make_interval(0, 0, 0, label) AS `when`",
        "date '2026-01-02' AS day",
    )
    frame.coalesce(1).write.parquet(f"{tmp_path}/table", compression="zstd")
    frame.limit(2).coalesce(1).write.parquet(f"{tmp_path}/more")
    folder = spark_job.key.removesuffix("data.csv")
    for name in ("table", "more"):
        (part,) = (tmp_path / name).glob("part-*")
        spark_job.pipeline.put(f"{folder}{name}.parquet", part.read_bytes())
    spark_job.key = folder
    spark_job.start()
    outcome = spark_job.published()
    schema = json.loads(spark_job.pipeline.get(outcome.manifest["schema"]["key"]))
    assert {column["name"]: column["kind"] for column in schema["columns"]} == {
        "the.size": "number",
        "at.city": "category",
        "at.paid": "boolean",
        "price": "number",
        "when": "timestamp",
        "day": "timestamp",
    }
    assert outcome.rows["input"] == 62
    midnight, day = 1767225600, 86400
    assert "0,,1,0,0,0,1000,1767225600,1767312000" in outcome.lines
    assert f"1,1000.5,0,1,0,1,1000.5,{midnight + day},{midnight + day}" in outcome.lines


REFUSED = {
    "gzip without its end": (".csv", gzip.compress(LINES.encode()), {}, "name that ends in .gz"),
    "an end without gzip": (".csv.gz", LINES.encode(), {}, "is not compressed, as its name says"),
    "a JSON list": (".json", b'[{"label": 1}]', {"format": "json_lines"}, "is a JSON list"),
    "a byte-order mark": (".json", b"\xef\xbb\xbf{}", {"format": "json_lines"}, "byte-order mark"),
    "no Parquet": (".parquet", LINES.encode(), {"format": "parquet"}, "is not Parquet"),
    "another delimiter": (".csv", GERMAN.encode(), {}, "set input.delimiter"),
    "another encoding": (".csv", "label,größe\n".encode("cp1252"), {}, "not valid UTF-8"),
    "an end of UTF-16": (".csv", LINES.encode("utf-16"), {}, "or set input.encoding"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_another_format_is_refused_before_spark_starts(glue_job: GlueJob, case: str) -> None:
    end, body, glue_job.settings["input"], sentence = REFUSED[case]
    glue_job.key = glue_job.key.removesuffix(".csv") + end
    with pytest.raises(InputError, match=sentence):
        glue_job.convert(body)
    assert glue_job.traces() == []


def test_files_of_one_run_have_the_same_columns(glue_job: GlueJob) -> None:
    folder = glue_job.key.removesuffix("data.csv")
    glue_job.pipeline.put(f"{folder}a.csv", b"label,a\n1,2\n")
    glue_job.pipeline.put(f"{folder}b.csv", b"label,b\n1,2\n")
    glue_job.key = folder
    with pytest.raises(InputError, match=r"b\.csv differs from that of .*a\.csv: it has 'b'"):
        glue_job.start()
