"""What the GitHub workflows name twice and their linters can't compare."""

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
WORKFLOWS = ROOT / ".github" / "workflows"


def steps() -> list[dict[str, Any]]:
    """Every step of every workflow's jobs."""
    return [
        step
        for path in WORKFLOWS.glob("*.yml")
        for job in yaml.safe_load(path.read_text())["jobs"].values()
        for step in job["steps"]
    ]


def test_the_preview_works_as_roles_that_read() -> None:
    (preview,) = [step["with"] for step in steps() if "pulumi/" in step.get("uses", "")]

    assert yaml.safe_load(preview["config-map"]) == {
        "unified-pipelines:read_only": {"value": "true", "secret": False}
    }


def test_the_preview_uses_the_pulumi_cli_of_the_locked_sdk() -> None:
    locked = re.search(r"^pulumi==(\S+)", (ROOT / "requirements/main.in").read_text(), re.MULTILINE)
    cli = [step["with"]["pulumi-version"] for step in steps() if "pulumi/" in step.get("uses", "")]

    assert locked is not None
    assert cli == [locked[1]]
    example = (ROOT / "docs/continuous-integration.md").read_text()
    assert re.findall(r"pulumi-version: (\S+)", example) == cli
