"""Files that end the run before Spark starts."""

from __future__ import annotations

import gzip
from collections.abc import Mapping

from tests.workloads.file_cases import (
    BASE,
    GOOD,
    MARK,
    Refused,
    refused,
)

NAME_EVERY_COLUMN = "name every column"
NO_HEADER = "{source} has no header: its first row must name the columns."

BEFORE_SPARK: Mapping[str, Refused] = {
    "an empty file": refused("no byte", "", "{source} is empty: it needs a header and rows."),
    "a byte-order mark alone": refused("EF BB BF", MARK, NO_HEADER),
    "blank lines only": refused("three line ends", "\n\n\n", NO_HEADER),
    "no names at all": refused("a first line of one comma", ",\n1,2\n", NO_HEADER),
    "no label column": refused(
        "age,Lable,income",
        "age,Lable,income\n1,2,3\n",
        "{source} has no label column 'label': its columns are 'age', 'Lable', 'income'; the "
        "closest is 'Lable'.",
    ),
    "no label among very many columns": refused(
        "100,000 other names",
        ",".join(f"f{number}" for number in range(100_000)) + "\n",
        "{source} has no label column 'label': its columns are "
        + ", ".join(f"'f{number}'" for number in range(20))
        + " and 99980 more.",
    ),
    "rows without a header": refused(
        "1,2",
        "1,2\n0,3\n",
        "{source} has no label column 'label': its columns are '1', '2'.",
    ),
    "another separator": refused(
        "label;a",
        "label;a\n1;2\n",
        "{source} has no label column 'label': its columns are 'label;a'; set "
        "input.delimiter to what separates the cells.",
    ),
    "a spreadsheet's line before the header": refused(
        "sep=, and then a right file",
        f"sep=,\n{GOOD}",
        "{source} has no label column 'label': its columns are 'sep=', ''.",
    ),
    "a column twice": refused(
        "label,a,a",
        "label,a,a\n1,2,3\n",
        "{source} has more than one column of the name 'a': name every column differently.",
    ),
    "a column twice but for white space": refused(
        "label,a, a",
        "label,a, a\n1,2,3\n",
        "{source} has more than one column of the name 'a': name every column differently.",
    ),
    "the label column twice": refused(
        "label,a,label",
        "label,a,label\n1,2,0\n",
        "{source} has more than one column of the name 'label': name every column differently.",
    ),
    "row numbers first": refused(
        "a first column without a name, as pandas and R write it",
        ",x,z,label\n0,0.3588,-0.2614,0\n1,0.9440,1.5769,1\n",
        "The first column of {source} has no name, as where pandas or R numbers the rows: save "
        "the file without it (index=False in pandas, row.names=FALSE in R), or name it if it is a "
        "feature.",
    ),
    "a name that is only a little like the label's": refused(
        "table,a",
        "table,a\n1,2\n",
        "{source} has no label column 'label': its columns are 'table', 'a'.",
    ),
    "a column without a name": refused(
        "label,,b",
        "label,,b\n1,2,3\n",
        f"Column 2 of {{source}} has no name: {NAME_EVERY_COLUMN}.",
    ),
    "a comma after the last name": refused(
        "label,a,",
        "label,a,\n1,2,\n",
        f"Column 3 of {{source}} has no name: {NAME_EVERY_COLUMN}.",
    ),
    "the label alone": refused(
        "one column",
        "label\n1\n0\n",
        "{source} has the label alone: training needs at least one feature.",
    ),
    "a header in CRLF, rows in LF": refused(
        "a spreadsheet's header above another program's rows, a line break in a cell of the header",
        f'label,"a\n(EUR)"\r\n{BASE}',
        "The header of {source} ends in CRLF and its first row in LF: save the file with one kind "
        "of line end.",
    ),
    "a header in CR, rows in LF": refused(
        "CR after the header, after a byte-order mark",
        MARK + f"label,a\r{BASE}".encode(),
        "The header of {source} ends in CR and its first row in LF: save the file with one kind "
        "of line end.",
    ),
    "a header without an end": refused(
        "a megabyte without a line end",
        b"label,a" + b"a" * 2**20,
        "The header of {source} doesn't end within 1048576 bytes.",
    ),
    "a quote in the header that is never closed": refused(
        'label,"a',
        f'label,"a\n{BASE}',
        "The header of {source} has a quote that is never closed, or something between a closing "
        "quote and the next delimiter: write each name with two quotes around it, or with none.",
    ),
    "a quote in the header that closes too early": refused(
        'label,"a"b',
        f'label,"a"b\n{BASE}',
        "The header of {source} has a quote that is never closed, or something between a closing "
        "quote and the next delimiter: write each name with two quotes around it, or with none.",
    ),
    "a byte-order mark before a name of two lines": refused(
        'EF BB BF, then "la LF bel"',
        MARK + f'"la\nbel",label\n{BASE}'.encode(),
        "The first name in the header of {source} spans lines, after a byte-order mark: take the "
        "line break out of it.",
    ),
    "a header in Latin-1": refused(
        "läbel,a in Latin-1",
        "läbel,a\n1,2\n".encode("latin-1"),
        "The header of {source} is not valid UTF-8: save the file as UTF-8, or set input.encoding "
        "to what it is.",
    ),
    "UTF-16": refused(
        "a right file in UTF-16",
        GOOD.encode("utf-16"),
        "{source} is not a CSV file but UTF-16: save it as UTF-8, or set input.encoding.",
    ),
    "UTF-16 without its mark": refused(
        "a right file in UTF-16, without a byte-order mark",
        GOOD.encode("utf-16-le"),
        "The header of {source} holds zero bytes, as UTF-16 and binary files do: save the file as "
        "UTF-8, or set input.encoding.",
    ),
    "UTF-32": refused(
        "a right file in UTF-32",
        GOOD.encode("utf-32"),
        "{source} is not a CSV file but UTF-32: save it as UTF-8.",
    ),
    "gzip under a .csv name": refused(
        "a right file, compressed",
        gzip.compress(GOOD.encode(), mtime=0),
        "{source} is not a CSV file but gzip: give it a name that ends in .gz.",
    ),
    "bzip2 under a .csv name": refused(
        "a right file, compressed",
        b"BZh91AY&SYrest",
        "{source} is not a CSV file but bzip2: give it a name that ends in .bz2.",
    ),
    "xz under a .csv name": refused(
        "a right file, compressed",
        b"\xfd7zXZ\0rest",
        "{source} is not a CSV file but xz: compress it with gzip or bzip2.",
    ),
    "Zstandard under a .csv name": refused(
        "a right file, compressed",
        b"\x28\xb5\x2f\xfdrest",
        "{source} is not a CSV file but Zstandard: give it a name that ends in .zst.",
    ),
    "a spreadsheet or a zip archive": refused(
        "a file that begins with PK",
        b"PK\x03\x04rest",
        "{source} is not a CSV file but a zip archive or a spreadsheet: save the data as text, in "
        "UTF-8.",
    ),
    "Parquet": refused(
        "a file that begins with PAR1",
        b"PAR1rest",
        "{source} is not a CSV file but Parquet: set input.format to parquet in the topology.",
    ),
}
"""Refused by the first bytes, before Spark is started."""
