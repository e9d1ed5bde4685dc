"""One record as a model's row, by the schema of the run that the model was trained on.

Plain Python, 3.11 or later, without any package, to be copied beside the code that asks the model:

    schema = json.loads(Path("schema.json").read_text())
    row = model_row(schema, {"age": "41", "city": "Berlin"})
    booster.predict(xgboost.DMatrix([row]))

It reads cells as the Glue job does. A number is NaN where a cell is empty or left out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

WHITE_SPACE = " \t\r\n"
TRUE = ("true", "t", "yes", "y")
FALSE = ("false", "f", "no", "n")

LARGEST_NUMBER = 3.4e38
SMALLEST_NUMBER = 1.2e-38
"""XGBoost reads 32-bit floats: it fails on larger numbers and misreads smaller ones (ADR 0041)."""

SPACES = (" ", "\u00a0", "\u202f")
"""What stands between thousands where a space does: spaces that don't break a line, too."""

TIMESTAMP = (
    r"((?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[T ]((?:[01][0-9]|2[0-3]):[0-5][0-9])(:[0-9]{2}(?:\.[0-9]{1,6})?)?"
    r" ?(Z|[+-](?:0[0-9]|1[0-7]):?[0-5][0-9])?)?"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def model_row(schema: Mapping[str, Any], record: Mapping[str, object]) -> list[float]:
    """The features of `record` in the model's order; raises ValueError for a cell that misfits.

    A string is read as the input's cells are, by the marks that `schema["cells"]` names. A cell
    that is no string stands for the text that Python writes for it; None is no value.
    """
    columns = {column["name"]: column for column in schema["columns"]}
    cells = schema.get("cells", {})
    codes = {name: code(columns[name], record.get(name), cells) for name in _features_of(schema)}
    return [_feature(codes[each["column"]], each, columns) for each in schema["features"]]


def class_name(schema: Mapping[str, Any], number: int) -> str:
    """The label that a class of the model stands for."""
    classes = schema["label"]["classes"]
    return str(number) if classes is None else str(classes[number])


def code(
    column: Mapping[str, Any], cell: object, cells: Mapping[str, Any] | None = None
) -> float | None:
    """A cell as a number: of a category, its level's place; None where there is no value."""
    marks = (cells or {}) if isinstance(cell, str) else {}
    text = "" if cell is None else str(cell).strip(WHITE_SPACE)
    if not text or text in marks.get("missing", ()):
        return None
    number = as_number(text, marks.get("decimal", "."), marks.get("thousands", ""))
    if number is not None and abs(number) > LARGEST_NUMBER:
        raise ValueError(f"{column['name']}: too large for a 32-bit number")
    found = _code_of(column, text, number)
    if found is None:
        raise ValueError(f"{column['name']}: {text!r} is not a {column['kind']}")
    return found


def number_pattern(decimal: str = ".", thousands: str = "") -> str:
    """What a number looks like; thousands are separated everywhere in it, or nowhere."""
    mark, digits = re.escape(decimal), "[0-9]+"
    if thousands:
        digits = f"(?:[0-9]{{1,3}}(?:{separator_pattern(thousands)}[0-9]{{3}})+|[0-9]+)"
    return f"[+-]?(?:{digits}(?:{mark}[0-9]*)?|{mark}[0-9]+)(?:[eE][+-]?[0-9]+)?"


def separator_pattern(thousands: str) -> str:
    """What separates thousands."""
    return f"(?:{'|'.join(SPACES)})" if thousands == " " else re.escape(thousands)


def as_number(text: str, decimal: str = ".", thousands: str = "") -> float | None:
    """The number that `text` is, if it is one; what 32 bits can't hold, being too small, is 0."""
    if not re.fullmatch(number_pattern(decimal, thousands), text):
        return None
    if thousands:
        text = re.sub(separator_pattern(thousands), "", text)
    number = float(text.replace(decimal, "."))
    return 0.0 if abs(number) < SMALLEST_NUMBER else number


def as_seconds(text: str) -> float | None:
    """The whole seconds since 1970 at a date or time in ISO 8601, which is in UTC by default."""
    match = re.fullmatch(TIMESTAMP, text)
    if match is None:
        return None
    date, time, seconds, zone = match.groups()
    try:
        found = datetime.fromisoformat(f"{date}T{time or '00:00'}{seconds or ':00'}{zone or 'Z'}")
    except ValueError:
        return None
    return float((found - _EPOCH) // timedelta(seconds=1))


def _code_of(column: Mapping[str, Any], text: str, number: float | None) -> float | None:
    match column["kind"]:
        case "boolean":
            if number is not None:
                return number if number in (0, 1) else None
            return 1.0 if text.lower() in TRUE else 0.0 if text.lower() in FALSE else None
        case "timestamp":
            return as_seconds(text) if number is None else number
        case "category":
            return _place(column, text, number)
    return number


def _place(column: Mapping[str, Any], text: str, number: float | None) -> float:
    """The place of a level; a number is the level of the same number, however written."""
    for place, level in enumerate(column["levels"]):
        if level == text or (number is not None and as_number(level) == number):
            return float(place)
    return float(len(column["levels"]))


def _features_of(schema: Mapping[str, Any]) -> set[str]:
    return {each["column"] for each in schema["features"]}


def _feature(
    found: float | None, feature: Mapping[str, Any], columns: Mapping[str, Mapping[str, Any]]
) -> float:
    if found is None:
        return math.nan
    if columns[feature["column"]]["kind"] != "category":
        return found
    levels, level = columns[feature["column"]]["levels"], feature["level"]
    wanted = len(levels) if level is None else levels.index(level)
    return float(found == wanted)
