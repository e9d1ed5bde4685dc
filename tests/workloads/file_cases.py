"""Files as data: what each holds, and what has to become of it.

Each success is the 60 rows of `BASE` and what else the file holds. In a sentence, `{source}`
is the source's address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.workloads.glue_job import good_rows

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
    numbers: tuple[str, ...] = ()
    """The columns that are pinned as numbers."""


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


def refused(
    goes_in: str,
    content: str | bytes,
    sentence: str,
    *,
    limit: float = 1.0,
    rejected: int = 0,
    numbers: tuple[str, ...] = (),
) -> Refused:
    body = content.encode() if isinstance(content, str) else content
    return Refused(
        goes_in=goes_in,
        content=body,
        sentence=sentence,
        limit=limit,
        rejected=rejected,
        numbers=numbers,
    )
