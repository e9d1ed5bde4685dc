"""What Spark's errors say: theirs are in Java, with the cause at the end of a chain."""

from __future__ import annotations

from py4j.protocol import Py4JJavaError  # type: ignore[import-untyped]


def text_of_cause(error: BaseException) -> str:
    """All of what the root cause of an error says."""
    if not isinstance(error, Py4JJavaError):
        return str(error).strip()
    thrown = error.java_exception
    while thrown.getCause() is not None:
        thrown = thrown.getCause()
    return str(thrown.toString()).strip()


def cause(error: BaseException) -> str:
    """The first line of the root cause, as the end of a sentence."""
    return text_of_cause(error).split("\n")[0].rstrip(".") + "."
