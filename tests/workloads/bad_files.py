"""Bad files as data: what each holds, and what has to become of it.

Each success is the 60 rows of `BASE` and whatever else the file holds. In a sentence, `{source}`
is the source's address.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.workloads.glue_job import GlueJob, good_rows

BASE = good_rows(60)
HEADER = "label,a\n"
GOOD = HEADER + BASE

MARK = b"\xef\xbb\xbf"
"""The byte-order mark of UTF-8."""


@dataclass(frozen=True, kw_only=True)
class Refused:
    """A file that ends the run with one sentence and leaves nothing but its rejected rows."""

    goes_in: str
    content: bytes
    sentence: str
    """What the job says; `{rejected}` is where its rejected rows are."""
    limit: float = 1.0
    rejected: int = 0


@dataclass(frozen=True, kw_only=True)
class Converted:
    """A file whose usable rows are published, all others kept word for word with their reason."""

    goes_in: str
    content: bytes
    lines: tuple[str, ...] = ()
    """What is written besides the rows of `BASE`."""
    rejected: tuple[tuple[str, str | list[str | None]], ...] = ()
    """The reason of each rejected row, and the row: its text, or its cells."""
    encoding: str = "UTF-8"
    """How the rejected rows are given."""

    @property
    def rows(self) -> dict[str, int]:
        """What goes in, and what becomes of it."""
        out = len(BASE.splitlines()) + len(self.lines)
        rejected = len(self.rejected)
        return {"input": out + rejected, "out": out, "rejected": rejected, "duplicates": 0}


@dataclass(frozen=True, kw_only=True)
class ForeignLabel:
    """A label that is no class of the model."""

    label: str
    parameters: Mapping[str, object]
    sentence: str
    """What XGBoost says, and SageMaker gives as the reason of the failure."""


def _refused(
    goes_in: str, content: str | bytes, sentence: str, limit: float = 1.0, rejected: int = 0
) -> Refused:
    body = content.encode() if isinstance(content, str) else content
    return Refused(goes_in=goes_in, content=body, sentence=sentence, limit=limit, rejected=rejected)


NAME_EVERY_COLUMN = "name every column"
AS_TEXT = "upload it as UTF-8 text."
NO_HEADER = "{source} has no header: its first row must name the columns."

BEFORE_SPARK: Mapping[str, Refused] = {
    "an empty file": _refused("no byte", "", "{source} is empty: it needs a header and rows."),
    "a byte-order mark alone": _refused("EF BB BF", MARK, NO_HEADER),
    "blank lines only": _refused("three line ends", "\n\n\n", NO_HEADER),
    "no names at all": _refused("a first line of one comma", ",\n1,2\n", NO_HEADER),
    "no label column": _refused(
        "age,Lable,income",
        "age,Lable,income\n1,2,3\n",
        "{source} has no label column 'label': its columns are 'age', 'Lable', 'income'; the "
        "closest is 'Lable'.",
    ),
    "no label among very many columns": _refused(
        "100,000 other names",
        ",".join(f"f{number}" for number in range(100_000)) + "\n",
        "{source} has no label column 'label': its columns are "
        + ", ".join(f"'f{number}'" for number in range(20))
        + " and 99980 more.",
    ),
    "rows without a header": _refused(
        "1,2",
        "1,2\n0,3\n",
        "{source} has no label column 'label': its columns are '1', '2'.",
    ),
    "another separator": _refused(
        "label;a",
        "label;a\n1;2\n",
        "{source} has no label column 'label': its columns are 'label;a'; cells must be separated "
        "by commas.",
    ),
    "a spreadsheet's line before the header": _refused(
        "sep=, and then a right file",
        f"sep=,\n{GOOD}",
        "{source} has no label column 'label': its columns are 'sep=', ''.",
    ),
    "a column twice": _refused(
        "label,a,a",
        "label,a,a\n1,2,3\n",
        "{source} has more than one column of the name 'a': name every column differently.",
    ),
    "a column twice but for white space": _refused(
        "label,a, a",
        "label,a, a\n1,2,3\n",
        "{source} has more than one column of the name 'a': name every column differently.",
    ),
    "the label column twice": _refused(
        "label,a,label",
        "label,a,label\n1,2,0\n",
        "{source} has more than one column of the name 'label': name every column differently.",
    ),
    "row numbers first": _refused(
        "a first column without a name, as pandas and R write it",
        ",x,z,label\n0,0.3588,-0.2614,0\n1,0.9440,1.5769,1\n",
        "The first column of {source} has no name, as where pandas or R numbers the rows: save "
        "the file without it (index=False in pandas, row.names=FALSE in R), or name it if it is a "
        "feature.",
    ),
    "a name that is only a little like the label's": _refused(
        "table,a",
        "table,a\n1,2\n",
        "{source} has no label column 'label': its columns are 'table', 'a'.",
    ),
    "a column without a name": _refused(
        "label,,b",
        "label,,b\n1,2,3\n",
        f"Column 2 of {{source}} has no name: {NAME_EVERY_COLUMN}.",
    ),
    "a comma after the last name": _refused(
        "label,a,",
        "label,a,\n1,2,\n",
        f"Column 3 of {{source}} has no name: {NAME_EVERY_COLUMN}.",
    ),
    "the label alone": _refused(
        "one column",
        "label\n1\n0\n",
        "{source} has the label alone: training needs at least one feature.",
    ),
    "a header in CRLF, rows in LF": _refused(
        "a spreadsheet's header above another program's rows, a line break in a cell of the header",
        f'label,"a\n(EUR)"\r\n{BASE}',
        "The header of {source} ends in CRLF and its first row in LF: save the file with one kind "
        "of line end.",
    ),
    "a header in CR, rows in LF": _refused(
        "CR after the header, after a byte-order mark",
        MARK + f"label,a\r{BASE}".encode(),
        "The header of {source} ends in CR and its first row in LF: save the file with one kind "
        "of line end.",
    ),
    "a header without an end": _refused(
        "a megabyte without a line end",
        b"label,a" + b"a" * 2**20,
        "The header of {source} doesn't end within 1048576 bytes.",
    ),
    "a quote in the header that is never closed": _refused(
        'label,"a',
        f'label,"a\n{BASE}',
        "The header of {source} has a quote that is never closed, or something between a closing "
        "quote and the next comma: write each name with two quotes around it, or with none.",
    ),
    "a quote in the header that closes too early": _refused(
        'label,"a"b',
        f'label,"a"b\n{BASE}',
        "The header of {source} has a quote that is never closed, or something between a closing "
        "quote and the next comma: write each name with two quotes around it, or with none.",
    ),
    "a byte-order mark before a name of two lines": _refused(
        'EF BB BF, then "la LF bel"',
        MARK + f'"la\nbel",label\n{BASE}'.encode(),
        "The first name in the header of {source} spans lines, after a byte-order mark: take the "
        "line break out of it.",
    ),
    "a header in Latin-1": _refused(
        "läbel,a in Latin-1",
        "läbel,a\n1,2\n".encode("latin-1"),
        "The header of {source} is not valid UTF-8: save the file as UTF-8.",
    ),
    "UTF-16": _refused(
        "a right file in UTF-16",
        GOOD.encode("utf-16"),
        f"{{source}} is not a CSV file but UTF-16: {AS_TEXT}",
    ),
    "UTF-16 without its mark": _refused(
        "a right file in UTF-16, without a byte-order mark",
        GOOD.encode("utf-16-le"),
        "The header of {source} holds zero bytes, as UTF-16 and binary files do: save the file as "
        "UTF-8.",
    ),
    "UTF-32": _refused(
        "a right file in UTF-32",
        GOOD.encode("utf-32"),
        f"{{source}} is not a CSV file but UTF-32: {AS_TEXT}",
    ),
    "gzip under a .csv name": _refused(
        "a right file, compressed",
        gzip.compress(GOOD.encode(), mtime=0),
        f"{{source}} is not a CSV file but gzip: {AS_TEXT}",
    ),
    "bzip2 under a .csv name": _refused(
        "a right file, compressed",
        b"BZh91AY&SYrest",
        f"{{source}} is not a CSV file but bzip2: {AS_TEXT}",
    ),
    "xz under a .csv name": _refused(
        "a right file, compressed",
        b"\xfd7zXZ\0rest",
        f"{{source}} is not a CSV file but xz: {AS_TEXT}",
    ),
    "Zstandard under a .csv name": _refused(
        "a right file, compressed",
        b"\x28\xb5\x2f\xfdrest",
        f"{{source}} is not a CSV file but Zstandard: {AS_TEXT}",
    ),
    "a spreadsheet or a zip archive": _refused(
        "a file that begins with PK",
        b"PK\x03\x04rest",
        f"{{source}} is not a CSV file but a zip archive or a spreadsheet: {AS_TEXT}",
    ),
    "Parquet": _refused(
        "a file that begins with PAR1",
        b"PAR1rest",
        f"{{source}} is not a CSV file but Parquet: {AS_TEXT}",
    ),
}
"""Refused by the first bytes, before Spark is started."""

BY_THE_ROWS: Mapping[str, Refused] = {
    "a header only": _refused("label,a", HEADER, "{source} has a header but no rows."),
    "a header without a line end": _refused(
        "label,a", HEADER.strip(), "{source} has a header but no rows."
    ),
    "all rows bad": _refused(
        "three rows",
        "label,a\n,1\n,2\nx,1\n",
        "None of the 3 rows of {source} can be used: label: missing (2), label: not a number "
        "(1); leave columns of text out, or write them as numbers; they are below {rejected}.",
        rejected=3,
    ),
    "three columns of text": _refused(
        "40 rows with a name, a date and a category each, and two without a label",
        "name,weight,built,origin,label\n"
        + "".join(f"item {row},{row}.5,2010-01-01,north,{row % 2}\n" for row in range(40))
        + "item,1,2010-01-01,south,\n" * 2,
        "None of the 42 rows of {source} can be used: built: not a number (42), name: not a "
        "number (42), origin: not a number (42), label: missing (2); leave columns of text out, or "
        "write them as numbers; they are below {rejected}.",
        rejected=42,
    ),
    "too many rejects": _refused(
        "101 rows, 11 of them unusable, where a tenth may be",
        HEADER + good_rows(90) + ",1\n" * 7 + "1,x\n" * 4,
        "11 of the 101 rows of {source} can't be used, 10.89% of its lines, and "
        "max_rejected_fraction allows 10.00%: label: missing (7), a: not a number (4); they "
        "are below {rejected}.",
        limit=0.1,
        rejected=11,
    ),
    "a quote that is never closed": _refused(
        "60 good rows, then a quote that swallows 200 more, where a tenth may be unusable",
        f'{GOOD}1,"5\n{good_rows(200)}',
        "1 of the 61 rows of {source} can't be used, 77.10% of its lines, and "
        "max_rejected_fraction allows 10.00%: a: not a number (1); they are below {rejected}.",
        limit=0.1,
        rejected=1,
    ),
    "too few rows for two channels": _refused(
        "one row",
        "label,a\n1,2\n",
        "{source} has too few rows: 1 for training and 0 for validation, and min_rows asks for 1 "
        "of each; upload more rows, or lower min_rows in the topology.",
    ),
    "nothing but equal rows, split by content": _refused(
        "one row fifty times",
        HEADER + "1,2\n" * 50,
        "{source} has too few rows: 50 for training and 0 for validation, and min_rows asks for 1 "
        "of each; upload more rows, or lower min_rows in the topology.",
    ),
    "more cells than Spark's parser takes": _refused(
        "a row of 300,001 cells",
        GOOD + "," * 300_000 + "\n",
        "Spark failed on {source}: java.lang.ArrayIndexOutOfBoundsException: Index 200000 out of "
        "bounds for length 200000.",
    ),
    "a last column without a value": _refused(
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
    "the end of a compressed file's name": "data.csv.gz",
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
