"""How the job reads and writes numbers, as Spark SQL."""

from __future__ import annotations

from workloads.glue.record import SMALLEST_NUMBER

LARGEST_INTEGER = 1e15
"""Below it an integer is written digit by digit: XGBoost's reader fails on 20 digits."""

# White space may surround a number. The pattern excludes what only Java reads as a number: NaN,
# Infinity, 1d, 0x1p3. The conversion, which takes no heed of white space, gives null for anything
# else that is no number.
NUMBERS = r"""transform(cells, cell ->
    if(cell RLIKE '^[ \t\r\n]*[0-9eE.+-]+[ \t\r\n]*$', try_cast(cell AS double), NULL))"""


def number_text(number: str) -> str:
    """The one way to write `number`. Integers have no decimal point: a class stays 1, not 1.0."""
    return f"""CASE
        WHEN abs({number}) < {SMALLEST_NUMBER}D THEN '0'
        WHEN {number} = rint({number}) AND abs({number}) < {LARGEST_INTEGER}D
            THEN string(try_cast({number} AS bigint))
        ELSE string({number}) END"""


LINE = f"array_join(transform(numbers, x -> coalesce({number_text('x')}, '')), ',')"
