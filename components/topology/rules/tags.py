"""The tags that are put on every resource."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping

from components.topology import limits
from components.topology.codes import Code
from components.topology.model import Topology
from components.topology.problems import KeyPath, Problem, refused


def problems(topology: Topology) -> Iterator[Problem]:
    """What is wrong with the tags."""
    for key, value in topology.tags.items():
        yield from _key(("tags", key), key)
        yield from _value(("tags", key), value)
    yield from _number(topology.tags)
    yield from _same_but_for_case(topology.tags)


def _key(path: KeyPath, key: str) -> Iterator[Problem]:
    if key.lower() in limits.OWN_TAGS:
        yield from refused(
            path, Code.RESERVED_NAME, key, "is set by the program", advice="Remove it"
        )
    elif key.lower().startswith("aws:"):
        yield from refused(
            path,
            Code.RESERVED_NAME,
            key,
            "is reserved by AWS",
            expected="a key without aws:",
            advice="Rename it",
        )
    elif not 1 <= len(key) <= limits.TAG_KEY_LENGTH or not _spelled(key):
        yield from refused(
            path,
            Code.MALFORMED,
            key,
            "is not a tag key",
            expected=_characters(limits.TAG_KEY_LENGTH),
        )


def _value(path: KeyPath, value: str) -> Iterator[Problem]:
    if not 1 <= len(value) <= limits.TAG_VALUE_LENGTH or not _spelled(value):
        yield from refused(
            path,
            Code.MALFORMED,
            value,
            "is not a tag value",
            expected=_characters(limits.TAG_VALUE_LENGTH),
        )


def _spelled(text: str) -> bool:
    return all(
        character in limits.TAG_PUNCTUATION
        or unicodedata.category(character)[0] in limits.TAG_CATEGORIES
        for character in text
    )


def _characters(most: int) -> str:
    return f"1 to {most} letters, digits, spaces and {limits.TAG_PUNCTUATION}"


def _number(tags: Mapping[str, str]) -> Iterator[Problem]:
    if len(tags) > limits.TAGS:
        yield from refused(
            ("tags",),
            Code.TOO_MANY,
            len(tags),
            "tags are too many",
            expected=f"at most {limits.TAGS}, because an S3 object takes 10 and the program sets "
            f"{' and '.join(limits.OWN_TAGS)}",
        )


def _same_but_for_case(tags: Mapping[str, str]) -> Iterator[Problem]:
    first_with: dict[str, str] = {}
    for key in sorted(tags):
        first = first_with.setdefault(key.lower(), key)
        if first != key:
            yield from refused(
                ("tags", key),
                Code.DUPLICATE_TAG_KEY,
                key,
                f"is also a tag as {first}",
                expected="keys that differ in more than case, which IAM ignores",
                advice="Remove one of the two",
            )
