"""The priority of a replication rule."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from components.aws.naming import OWNER_PATTERN
from components.replication.priority import replication_priority

owners = st.from_regex(OWNER_PATTERN, fullmatch=True)


class TestReplicationPriority:
    """A rule's priority depends on nothing but the destination's name."""

    def test_never_moves(self) -> None:
        assert replication_priority("west2") == 153_006_891

    @given(owners)
    def test_is_one_that_s3_takes(self, owner: str) -> None:
        assert 1 <= replication_priority(owner) <= 2_147_483_647
