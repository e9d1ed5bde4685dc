"""Which entry of the runbook a failure belongs to."""

from __future__ import annotations

import re
from pathlib import Path

RUNBOOK = Path(__file__).resolve().parents[1] / "docs" / "runbooks" / "README.md"

GENERAL = "A DAG run fails"
"""The entry for what no other one is about: a table of causes."""

_CONNECTION = r"\[(unknown|malformed|unreadable|no_\w+|other_\w+|denied)\]"
"""The codes with which a task refuses its connection."""

ENTRIES = (
    (_CONNECTION, "Refresh"),
    (r"InvalidClientTokenId|RegionDisabledException", "Enable an opt-in Region"),
    (r"is not authorized to perform|AccessDenied", "A permission is missing"),
    (r"Input refused|Script failed|raw file", "The raw file is wrong"),
    (r"[Tt]raining job \S+ ended as", "Training failed"),
    (r"was deleted after a successful training", "Train again on a run"),
    (r"won't replicate any more|Missing in s3://", "Files are missing"),
    (r"topology\.json|training_config\.json", "A file of the hub was changed"),
)
"""What a failure's sentence contains, and the entry's heading; the first that fits counts."""


def entry_of(sentence: str) -> str:
    """The heading of the entry for a failure."""
    return next((heading for text, heading in ENTRIES if re.search(text, sentence)), GENERAL)


def link_to(heading: str) -> str:
    """Where the entry is, as a link of the repository."""
    slug = re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-")
    return f"docs/runbooks/README.md#{slug}"


def text_of(heading: str) -> str:
    """What the entry says."""
    parts = re.split(r"^#+ (.+)\n", RUNBOOK.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))[heading].strip()
