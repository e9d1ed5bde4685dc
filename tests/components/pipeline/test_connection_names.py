"""The names of a pipeline's connection."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from components.aws.naming import OWNER_PATTERN, Names
from components.pipeline.connection_names import connection_id, connection_secret_name

stacks = st.from_regex(r"[A-Za-z0-9_.-]{1,40}", fullmatch=True)
owners = st.from_regex(OWNER_PATTERN, fullmatch=True)


class TestConnections:
    """A connection's secret can be told from its id, and its name isn't one AWS cuts."""

    def test_example(self) -> None:
        assert connection_id("east1") == "aws_crossaccount_role_conn_east1"
        assert connection_secret_name("env", "east1") == (
            "env/connections/aws_crossaccount_role_conn_east1"
        )

    @given(stacks, owners)
    def test_does_not_end_like_a_secrets_arn(self, stack: str, owner: str) -> None:
        environment = Names(project="unified-pipelines", stack=stack).environment()
        name = connection_secret_name(environment, owner)
        assert not re.search(r"-[A-Za-z0-9]{6}$", name)
