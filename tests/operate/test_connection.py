"""Commands that are suggested are for the same stack."""

from __future__ import annotations

import json
from pathlib import Path

from operate.connection import connect
from tests.operate.answers import OUTPUTS


def test_a_suggested_command_names_the_stack_as_the_user_did(tmp_path: Path) -> None:
    file = tmp_path / "the outputs.json"
    # With an endpoint, no credentials of this machine are looked for.
    file.write_text(json.dumps({"endpoint": "http://127.0.0.1:9", "outputs": OUTPUTS}))

    connection = connect(None, file, local=False)

    assert connection.command("status") == f"`python -m operate status --outputs '{file}'`"
