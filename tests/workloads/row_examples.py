"""Kinds of rows as data: what each becomes. All of them stand in one file; ID tells them apart."""

from __future__ import annotations

from collections.abc import Mapping

from tests.workloads.glue_job import good_rows

USABLE: Mapping[str, tuple[str, str]] = {
    "plain": ("1,ID,5.1,3.5\n", "1,ID,5.1,3.5"),
    "white space around numbers": ("1 ,\tID,5.1,  3.5 \n", "1,ID,5.1,3.5"),
    "quoted cells": ('"1","ID","5.1"," 3.5 "\n', "1,ID,5.1,3.5"),
    "a line break within a quoted number": ('1,ID,5.1,"3.5\n"\n', "1,ID,5.1,3.5"),
    "a line end of another kind": ("1,ID,5.1,3.5\r\n", "1,ID,5.1,3.5"),
    "a missing feature": ("1,ID,,3.5\n", "1,ID,,3.5"),
    "a missing last feature": ("1,ID,5.1,\n", "1,ID,5.1,"),
    "a feature that is a quoted nothing": ('1,ID,"",3.5\n', "1,ID,,3.5"),
    "a feature that is white space": ("1,ID,  ,3.5\n", "1,ID,,3.5"),
    "integers with a decimal point": ("1.0,ID,5.0,-3.\n", "1,ID,5,-3"),
    "signs and leading zeros": ("+1,ID,-0,007\n", "1,ID,0,7"),
    "exponents": ("1e0,ID,5.1E3,1e-5\n", "1,ID,5100,1.0E-5"),
    "large numbers": ("1,ID,12345678901234567890,3.3e38\n", "1,ID,1.2345678901234567E19,3.3E38"),
    "numbers too small for 32 bits": ("1,ID,1e-39,-4.9e-324\n", "1,ID,0,0"),
    "many digits": (f"1,ID,0.{'3' * 400},{'0' * 400}5\n", "1,ID,0.3333333333333333,5"),
}

"""The row, and the line that is written for it."""

A = "a: not a number"
UNUSABLE: Mapping[str, tuple[str, str, str | list[str | None]]] = {
    "text": ("1,ID,high,3\n", A, ["1", "ID", "high", "3"]),
    "thousands separators": ('1,ID,"1,204.5",3\n', A, ["1", "ID", "1,204.5", "3"]),
    "a decimal comma": ('1,ID," 1 204,5 ",3\n', A, ["1", "ID", " 1 204,5 ", "3"]),
    "a decimal comma without quotes": ("1,ID,1,5,3\n", "not 4 cells", "1,ID,1,5,3"),
    "a percentage": ("1,ID,5%,3\n", A, ["1", "ID", "5%", "3"]),
    "a currency": ("1,ID,$5,3\n", A, ["1", "ID", "$5", "3"]),
    "digits in groups": ("1,ID,1_000,3\n", A, ["1", "ID", "1_000", "3"]),
    "a no-break space": ("1,ID,\u00a05,3\n", A, ["1", "ID", "\u00a05", "3"]),
    "digits of other scripts": ("1,ID,\u0663\uff15,3\n", A, ["1", "ID", "\u0663\uff15", "3"]),
    "true": ("1,ID,true,3\n", A, ["1", "ID", "true", "3"]),
    "a date": ("1,ID,2026-11-22,3\n", A, ["1", "ID", "2026-11-22", "3"]),
    "a point alone": ("1,ID,.,3\n", A, ["1", "ID", ".", "3"]),
    "nan": ("1,ID,nan,3\n", A, ["1", "ID", "nan", "3"]),
    "0x10": ("1,ID,0x10,3\n", A, ["1", "ID", "0x10", "3"]),
    "NaN": ("1,ID,NaN,3\n", A, ["1", "ID", "NaN", "3"]),
    "inf": ("1,ID,inf,3\n", A, ["1", "ID", "inf", "3"]),
    "-Infinity": ("1,ID,-Infinity,3\n", A, ["1", "ID", "-Infinity", "3"]),
    "what is a number to Java": ("1,ID,5d,3\n", A, ["1", "ID", "5d", "3"]),
    "a hexadecimal number": ("1,ID,0x1p3,3\n", A, ["1", "ID", "0x1p3", "3"]),
    "only the characters of numbers": ("1,ID,1-2e,3\n", A, ["1", "ID", "1-2e", "3"]),
    "out of 64 bits": (
        "1,ID,1e400,3\n",
        "a: too large for a 32-bit number",
        ["1", "ID", "1e400", "3"],
    ),
    "out of 32 bits": (
        "1,ID,5,-1e39\n",
        "b: too large for a 32-bit number",
        ["1", "ID", "5", "-1e39"],
    ),
    "no label": (",ID,5.1,3\n", "label: missing", [None, "ID", "5.1", "3"]),
    "a label of white space": ('" ",ID,5,3\n', "label: missing", [" ", "ID", "5", "3"]),
    "a label that is text": ("yes,ID,5,3\n", "label: not a number", ["yes", "ID", "5", "3"]),
    "two faults": (",ID,x,3\n", "label: missing; a: not a number", [None, "ID", "x", "3"]),
    "quotes in quotes": ('1,ID,"a ""low""",3\n', A, ["1", "ID", 'a "low"', "3"]),
    "a stray quote": ('1,ID,5"1,3\n', A, ["1", "ID", '5"1', "3"]),
    "a quoted line break": ('1,ID,"a\r\nb",3\n', A, ["1", "ID", "a\r\nb", "3"]),
    "UTF-8 text": ("1,ID,größer,3\n", A, ["1", "ID", "größer", "3"]),
    "a backslash": ("1,ID,\\,3\n", A, ["1", "ID", "\\", "3"]),
    "a zero byte": ("1,ID,5\0,3\n", A, ["1", "ID", "5\0", "3"]),
    "a comment": ("#1,ID,5,3\n", "label: not a number", ["#1", "ID", "5", "3"]),
    "a huge cell": (f"1,ID,{'x' * 3_000_000},3\n", A, ["1", "ID", "x" * 3_000_000, "3"]),
    "a huge number": (
        f"1,ID,{'9' * 300_000},3\n",
        "a: too large for a 32-bit number",
        ["1", "ID", "9" * 300_000, "3"],
    ),
    "too few cells": ("1,ID\n", "not 4 cells", "1,ID"),
    "one cell": ("ID\n", "not 4 cells", "ID"),
    "too many cells": ("1,ID,5,3,0\n", "not 4 cells", "1,ID,5,3,0"),
    "a closing comma": ("1,ID,5,3,\n", "not 4 cells", "1,ID,5,3,"),
    "many too many cells": (f"1,ID{',' * 30_000}\n", "not 4 cells", f"1,ID{',' * 30_000}"),
    "too few cells, quoted": ('1,ID,"5,3"\n', "not 4 cells", '1,ID,"5,3"'),
}
"""The row, the reason, and what is kept: its text, or its cells."""

FIRST_ID = 10_000
ROWS = [*(row for row, _ in USABLE.values()), *(row for row, *_ in UNUSABLE.values())]


def content() -> str:
    """One file with every kind of row."""
    rows = (row.replace("ID", str(number)) for number, row in enumerate(ROWS, FIRST_ID))
    return f"label,id,a,b\n{good_rows(60, columns=4)}{''.join(rows)}"
