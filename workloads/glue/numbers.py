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

# What each cell has that Java alone takes for a number: a letter, or a control character around it.
_ONLY_JAVAS = r"[DFNXdfnx\x00-\x08\x0B\x0C\x0E-\x1F]"


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


def numbers_of(given: Input) -> str:
    """The number in each of `cells`, or null where a cell holds none."""
    each = f"transform(cells, cell -> {number_of(given)})"
    if given.decimal != "." or given.thousands:
        return each
    # A row without any of it is converted as a whole, which takes half the time.
    return (
        f"if(concat_ws(' ', cells) RLIKE r'{_ONLY_JAVAS}', {each}, "
        "try_cast(cells AS array<double>))"
    )


def number_text(number: str) -> str:
    """The one way to write `number`. Integers have no decimal point: a class stays 1, not 1.0."""
    return f"""if({number} = rint({number}) AND abs({number}) < {LARGEST_INTEGER}D,
        string(try_cast({number} AS bigint)),
        if(abs({number}) < {SMALLEST_NUMBER}D, '0', string({number})))"""


LINE = f"array_join(transform(numbers, x -> coalesce({number_text('x')}, '')), ',')"
