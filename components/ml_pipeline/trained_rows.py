"""How long a run's rows are kept once it has a model (ADR 123).

The clean-up function marks them with a tag, and S3 removes what has it.
"""

from __future__ import annotations

from components.aws.secure_bucket import TaggedExpiry
from components.pipeline.object_keys import TRAINED_TAG, TRANSFORMED


def trained_rows_expiry(keep_days: int) -> TaggedExpiry:
    """The rule for rows that have the tag.

    It stays where new runs are deleted at once: earlier ones have been marked. S3 takes no 0 days.
    """
    return TaggedExpiry(prefix=TRANSFORMED, tag=TRAINED_TAG, days=max(keep_days, 1))
