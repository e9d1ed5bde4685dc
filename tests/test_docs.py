"""Every link of the documentation leads somewhere, and the index of decisions is complete."""

import itertools
import re
from pathlib import Path

import pytest

from tests.denied.attempts import attempts

ROOT = Path(__file__).resolve().parents[1]
DECISIONS = sorted((ROOT / "docs" / "adr").glob("0*.md"))
PAGES = sorted(
    path for folder in (ROOT / "docs", ROOT / ".github") for path in folder.rglob("*.md")
) + sorted(ROOT.glob("*.md"))

HEADER = re.compile(
    r"# (?P<number>\d+)\. (?P<title>.+)\n\n"
    r"- Status: (?P<status>accepted|superseded by \d+)\n"
    r"- Date: \d{4}-\d\d-\d\d\n"
)


def without_code(text: str) -> str:
    """The page without its code, in which brackets are no links and `#` is no heading."""
    return re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)


def anchors(page: Path) -> set[str]:
    """What GitHub calls the headings of a page in an address."""
    outside_blocks = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", outside_blocks, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    return not target.exists() or (bool(anchor) and anchor not in anchors(target))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_resolves(page: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", without_code(page.read_text(encoding="utf-8")))
    relative = [link for link in links if not re.match(r"[a-z]+:", link)]

    assert [link for link in relative if broken(page, link)] == []


def test_the_index_of_decisions_has_each_with_its_title_and_status() -> None:
    headers = [(page, HEADER.match(page.read_text(encoding="utf-8"))) for page in DECISIONS]
    rows = [
        f"| {header['number']} | [{header['title']}]({page.name}) | {header['status']} |"
        for page, header in headers
        if header
    ]
    index = (ROOT / "docs" / "adr" / "README.md").read_text(encoding="utf-8").splitlines()

    assert [page.name for page, header in headers if header is None] == []
    assert [line for line in index if re.match(r"\| \d", line)] == rows


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.name)
def test_a_decision_is_filed_under_its_number(page: Path) -> None:
    number = re.match(r"# (\d+)\.", page.read_text(encoding="utf-8"))

    assert number is not None
    assert page.name.startswith(f"{int(number[1]):04}-")


def test_the_index_of_the_documentation_has_every_page_of_its_folder() -> None:
    folder = ROOT / "docs"
    index = (folder / "README.md").read_text(encoding="utf-8")
    pages = [path.name for path in folder.glob("*.md") if path.name != "README.md"]

    assert [name for name in pages if f"]({name})" not in index] == []


def test_the_threat_model_names_principals_whose_attempts_are_denied() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    rows = [line.split("|") for line in page.splitlines() if line.startswith("| ")]
    start = next(number for number, row in enumerate(rows) if row[1].strip() == "attacker")
    table = itertools.takewhile(lambda row: len(row) == 6, rows[start + 1 :])
    named = {name.strip() for row in table for name in row[3].split(",")} - {""}

    assert named
    assert named <= {attempt.who for attempt in attempts()}


def test_every_test_that_a_page_names_exists() -> None:
    named = {
        found
        for page in PAGES
        for found in re.findall(r"`(tests/\S+\.py)::(\w+)`", page.read_text(encoding="utf-8"))
    }

    assert named
    for file, test in sorted(named):
        assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8"), f"{file}::{test}"
