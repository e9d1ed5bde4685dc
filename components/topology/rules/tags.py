"""What is put on every resource: tags and a permissions boundary."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping

from components.topology import limits
from components.topology.model import Topology
from components.topology.problems import KeyPath, Problem, refused
from components.topology.rules.basics import matching


def problems(topology: Topology) -> Iterator[Problem]:
    """What is wrong with the tags and the boundary."""
    yield from matching(
        ("permissions_boundary",),
        topology.permissions_boundary,
        limits.BOUNDARY_PATTERN,
        "the name of a managed policy, or path and name, as it is called in every account used",
        "no ARN: the program puts each account's id in; such as team/pipelines-boundary",
    )
    for key, value in topology.tags.items():
        yield from _key(("tags", key), key)
        yield from _value(("tags", key), value)
    yield from _count(topology.tags)
    yield from _same_but_for_case(topology.tags)


def _key(path: KeyPath, key: str) -> Iterator[Problem]:
    own = ", ".join(limits.OWN_TAGS)
    if key.lower() in limits.OWN_TAGS:
        yield from refused(
            path, key, f"any key but {own}, in whatever case", "the program sets these; remove it"
        )
    elif key.lower().startswith("aws:"):
        yield from refused(path, key, "a key without aws:, which is AWS's own", "rename it")
    elif not 1 <= len(key) <= limits.TAG_KEY_LENGTH or not _spelled(key):
        yield from refused(path, key, _allowed(limits.TAG_KEY_LENGTH), "shorten or respell it")


def _value(path: KeyPath, value: str) -> Iterator[Problem]:
    if not 1 <= len(value) <= limits.TAG_VALUE_LENGTH or not _spelled(value):
        yield from refused(
            path,
            value,
            _allowed(limits.TAG_VALUE_LENGTH),
            "shorten or respell it; Amazon MWAA takes no empty value",
        )


def _spelled(text: str) -> bool:
    return all(
        character in limits.TAG_PUNCTUATION
        or unicodedata.category(character)[0] in limits.TAG_CATEGORIES
        for character in text
    )


def _allowed(length: int) -> str:
    return f"1 to {length} letters, digits, blanks and {limits.TAG_PUNCTUATION}"


def _count(tags: Mapping[str, str]) -> Iterator[Problem]:
    if len(tags) > limits.TAGS:
        yield Problem(
            ("tags",),
            f"{len(tags)} tags are not allowed",
            f"{limits.TAGS}, for an S3 object carries 10 and the program sets "
            f"{' and '.join(limits.OWN_TAGS)}",
            "keep those that every resource needs",
        )


def _same_but_for_case(tags: Mapping[str, str]) -> Iterator[Problem]:
    first_with: dict[str, str] = {}
    for key in sorted(tags):
        first = first_with.setdefault(key.lower(), key)
        if first != key:
            yield from refused(
                ("tags", key),
                key,
                f"a key that differs from {first} in more than case, for IAM ignores case",
                "remove one of the two",
            )
