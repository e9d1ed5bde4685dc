"""Files that end the run by their rows, and files that are read as well as possible."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.workloads.file_cases import (
    GOOD,
    HEADER,
    MARK,
    Converted,
    ForeignLabel,
    Refused,
    refused,
)
from tests.workloads.glue_job import GlueJob, good_rows

BY_THE_ROWS: Mapping[str, Refused] = {
    "a header only": refused("label,a", HEADER, "{source} has a header but no rows."),
    "a header without a line end": refused(
        "label,a", HEADER.strip(), "{source} has a header but no rows."
    ),
    "all rows bad": refused(
        "three rows, the label pinned as a number",
        "label,a\n,1\n,2\nx,1\n",
        "None of the 3 rows of {source} can be used: label: missing (2), label: not a number "
        "(1); pin columns of text as categories, or drop them; they are below {rejected}.",
        rejected=3,
        numbers=("label",),
    ),
    "three columns of text": refused(
        "40 rows with a name, a date and a category each, pinned as numbers, and two without a "
        "label",
        "name,weight,built,origin,label\n"
        + "".join(f"item {row},{row}.5,2010-01-01,north,{row % 2}\n" for row in range(40))
        + "item,1,2010-01-01,south,\n" * 2,
        "None of the 42 rows of {source} can be used: built: not a number (42), name: not a "
        "number (42), origin: not a number (42), label: missing (2); pin columns of text as "
        "categories, or drop them; they are below {rejected}.",
        rejected=42,
        numbers=("name", "built", "origin"),
    ),
    "too many rejects": refused(
        "101 rows, 11 of them unusable, where a tenth may be",
        HEADER + good_rows(90) + ",1\n" * 7 + "1,x\n" * 4,
        "11 of the 101 rows of {source} can't be used, 10.89% of its lines, and "
        "max_rejected_fraction allows 10.00%: label: missing (7), a: not a number (4); they "
        "are below {rejected}.",
        limit=0.1,
        rejected=11,
    ),
    "a quote that is never closed": refused(
        "60 good rows, then a quote that swallows 200 more, where a tenth may be unusable",
        f'{GOOD}1,"5\n{good_rows(200)}',
        "1 of the 61 rows of {source} can't be used, 77.10% of its lines, and "
        "max_rejected_fraction allows 10.00%: a: not a number (1); they are below {rejected}.",
        limit=0.1,
        rejected=1,
    ),
    "too few rows for two channels": refused(
        "one row",
        "label,a\n1,2\n",
        "{source} has too few rows: 1 for training and 0 for validation, and min_rows asks for 1 "
        "of each; upload more rows, or lower min_rows in the topology.",
    ),
    "nothing but equal rows, split by content": refused(
        "one row fifty times",
        HEADER + "1,2\n" * 50,
        "{source} has too few rows: 50 for training and 0 for validation, and min_rows asks for 1 "
        "of each; upload more rows, or lower min_rows in the topology.",
    ),
    "more cells than Spark's parser takes": refused(
        "a row of 300,001 cells",
        GOOD + "," * 300_000 + "\n",
        "Spark failed on {source}: java.lang.ArrayIndexOutOfBoundsException: Index 200000 out of "
        "bounds for length 200000.",
    ),
    "a last column without a value": refused(
        "50 rows, the last column empty in all",
        "label,a,b\n" + "".join(f"1,{row},\n" for row in range(50)),
        "The last column of {source}, 'b', is empty in every row for training, and XGBoost would "
        "not see it at all: fill it or leave it out.",
    ),
}
"""Refused after all rows were read."""

CONVERTED: Mapping[str, Converted] = {
    "a byte-order mark": Converted(
        goes_in="EF BB BF before a right file",
        content=MARK + GOOD.encode(),
    ),
    "a byte-order mark and text": Converted(
        goes_in="EF BB BF, and a cell that is no number: größer €",
        content=MARK + f"{GOOD}1,größer €\n".encode(),
        rejected=(("a: not a number", ["1", "größer €"]),),
    ),
    "a byte-order mark and Latin-1 bytes": Converted(
        goes_in="EF BB BF, and a cell that isn't UTF-8: größer",
        content=MARK + f"{GOOD}1,größer\n".encode("latin-1"),
        rejected=(("a: not a number", ["1", "größer"]),),
        encoding="Latin-1",
    ),
    "Latin-1 bytes": Converted(
        goes_in="a cell with the bytes E9, and C3 A9 beside it",
        content=GOOD.encode() + b"1,\xe9t\xe9 \xc3\xa9\n",
        rejected=(("a: not a number", ["1", "\xe9t\xe9 \xc3\xa9"]),),
        encoding="Latin-1",
    ),
    "Latin-1 bytes in a row too short": Converted(
        goes_in="a row of one cell with the byte E9",
        content=GOOD.encode() + b"\xe9t\xe9\n",
        rejected=(("not 2 cells", "\xe9t\xe9"),),
        encoding="Latin-1",
    ),
    "CRLF": Converted(
        goes_in="lines that end in CR LF",
        content=f"{GOOD}1,x\n".replace("\n", "\r\n").encode(),
        rejected=(("a: not a number", ["1", "x"]),),
    ),
    "CR only": Converted(
        goes_in="lines that end in CR, as of an old Macintosh",
        content=f"{GOOD}1,x\n".replace("\n", "\r").encode(),
        rejected=(("a: not a number", ["1", "x"]),),
    ),
    "CR CR LF": Converted(
        goes_in="lines that end in CR CR LF, as after one conversion too many",
        content=f"{GOOD}1,x\n".replace("\n", "\r\r\n").encode(),
        rejected=(("a: not a number", ["1", "x"]),),
    ),
    "line ends of two kinds": Converted(
        goes_in="LF after the header, CR LF after two of the rows",
        content=f"{GOOD}1,5.5\r\n1,x\r\n".encode(),
        lines=("1,5.5",),
        rejected=(("a: not a number", ["1", "x\r"]),),
    ),
    "quoted newlines": Converted(
        goes_in="cells over two lines: a number, and a text",
        content=f'{GOOD}1,"5.5\n"\n1,"two\nlines"\n'.encode(),
        lines=("1,5.5",),
        rejected=(("a: not a number", ["1", "two\nlines"]),),
    ),
    "empty lines": Converted(
        goes_in="blank lines before the header, among the rows and at the end",
        content=f"\n\n{GOOD}\n\r\n   \n\t\n1,5.5\n\n".encode(),
        lines=("1,5.5",),
    ),
    "rows of nothing but commas": Converted(
        goes_in="a row without a value, as spreadsheets leave them",
        content=f"{GOOD},\n".encode(),
        rejected=(("label: missing", [None, None]),),
    ),
    "no line end at the end": Converted(
        goes_in="a last row without a line end", content=f"{GOOD}1,5.5".encode(), lines=("1,5.5",)
    ),
    "a last row that breaks off in a quote": Converted(
        goes_in="1,\"5.5 and no more: the file's end closes the quote",
        content=f'{GOOD}1,"5.5'.encode(),
        lines=("1,5.5",),
    ),
    "a last row that breaks off": Converted(
        goes_in="a last row that ends after its first cell",
        content=f"{GOOD}1".encode(),
        rejected=(("not 2 cells", "1"),),
    ),
    "rows too short and too long": Converted(
        goes_in="one, three and four cells where two belong",
        content=f"{GOOD}1\n1,2,3\n1,2,3,".encode(),
        rejected=(("not 2 cells", "1"), ("not 2 cells", "1,2,3"), ("not 2 cells", "1,2,3,")),
    ),
    "zero bytes at the end": Converted(
        goes_in="100 zero bytes after the last row, as a crash leaves them",
        content=GOOD.encode() + b"\0" * 100,
        rejected=(("not 2 cells", "\0" * 100),),
    ),
    "the end-of-file sign of DOS": Converted(
        goes_in="1A after the last row",
        content=GOOD.encode() + b"\x1a",
        rejected=(("not 2 cells", "\x1a"),),
    ),
    "two files put together": Converted(
        goes_in="a second byte-order mark and header in the middle, and the first row again",
        content=GOOD.encode() + MARK + f"{HEADER}0,0\n1,5.5\n".encode(),
        lines=("0,0", "1,5.5"),
        rejected=(("label: not a number; a: not a number", ["\ufefflabel", "a"]),),
    ),
    "equal rows however written": Converted(
        goes_in="one row in four ways: 1,5.5 and 1,5.50 and 1,55e-1 and +1.0, 5.5",
        content=f"{GOOD}1,5.5\n1,5.50\n1,55e-1\n+1.0, 5.5\n".encode(),
        lines=("1,5.5",) * 4,
    ),
}
"""What is published, in part at least."""

NAMES: Mapping[str, str] = {
    "wildcards": "a*b?[1]{2}.csv",
    "a colon, a percent sign, a backslash and quotes": "10:30 100%25%\\'\".csv",
    "a dot at its start": ".data.csv",
    "an underscore at its start": "_data.csv",
    "an empty folder": "/data.csv",
}
"""Names that Spark or Hadoop would misread, of files that are read all the same."""

CHANGES: Mapping[str, Callable[[GlueJob], None]] = {
    "replaced": lambda job: job.pipeline.put(job.key, f"{GOOD}1,5.5\n".encode()),
    "emptied": lambda job: job.pipeline.put(job.key, b""),
    "deleted": lambda job: job.pipeline.root.client("s3").delete_object(
        Bucket=job.pipeline.bucket, Key=job.key
    ),
}
"""What may happen to the source while its copy is read."""

FOREIGN_LABELS: Mapping[str, ForeignLabel] = {
    "binary:logistic": ForeignLabel(
        label="2",
        parameters={"objective": "binary:logistic"},
        sentence="label must be in [0,1] for logistic regression",
    ),
    "multi:softmax": ForeignLabel(
        label="7",
        parameters={"objective": "multi:softmax", "num_class": 3},
        sentence="label must be in [0, num_class)",
    ),
}
"""By the model's objective."""
