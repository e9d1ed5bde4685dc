"""How the job reads and writes numbers, as Spark SQL."""

from __future__ import annotations

from workloads.glue.dialect import Input
from workloads.glue.record import SMALLEST_NUMBER, number_pattern, separator_pattern

LARGEST_INTEGER = 1e15
"""Below it an integer is written digit by digit: XGBoost's reader fails on 20 digits."""

# White space may surround a number. The pattern excludes what only Java reads as a number: NaN,
# Infinity, 1d, 0x1p3. The conversion, which takes no heed of white space, gives null for anything
# else that is no number.
_PLAIN = (
    r"""if({cell} RLIKE '^[ \t\r\n]*[0-9eE.+-]+[ \t\r\n]*$', try_cast({cell} AS double), NULL)"""
)


def number_of(given: Input) -> str:
    """The number in `cell`, or null where it holds none."""
    if given.decimal == "." and not given.thousands:
        return _PLAIN.format(cell="cell")
    # The cells are UTF-8 that was read as Latin-1.
    pattern = _as_read(number_pattern(given.decimal, given.thousands))
    digits = "cell"
    if given.thousands:
        separators = _as_read(separator_pattern(given.thousands))
        digits = f'regexp_replace({digits}, r"{separators}", "")'
    number = f'replace({digits}, "{given.decimal}", ".")'
    looks_right = rf'cell RLIKE r"^[ \t\r\n]*{pattern}[ \t\r\n]*$"'
    return f"if({looks_right}, try_cast({number} AS double), NULL)"


def _as_read(pattern: str) -> str:
    return pattern.encode().decode("latin-1")


def number_text(number: str) -> str:
    """The one way to write `number`. Integers have no decimal point: a class stays 1, not 1.0."""
    return f"""CASE
        WHEN abs({number}) < {SMALLEST_NUMBER}D THEN '0'
        WHEN {number} = rint({number}) AND abs({number}) < {LARGEST_INTEGER}D
            THEN string(try_cast({number} AS bigint))
        ELSE string({number}) END"""


LINE = f"array_join(transform(numbers, x -> coalesce({number_text('x')}, '')), ',')"
