"""Ctrl-C and SIGTERM ask the run to stop, so that everything ends in order."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from local.deployment.stopping import Stop

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_SHELL_OFFSET = 128
"""A shell reports a process that a signal ended as 128 and the signal's number."""


class Interruption:
    """Which signal asked the run to end, if one did."""

    def __init__(self) -> None:
        self.stop = Stop()
        self.signal: int | None = None

    @property
    def exit_status(self) -> int | None:
        """The status to end with; None where nothing interrupted the run."""
        return None if self.signal is None else _SHELL_OFFSET + self.signal

    def receive(self, number: int, _frame: FrameType | None) -> None:
        """Take a signal; a second one changes nothing, as the ending is under way."""
        if self.signal is None:
            self.signal = number
            self.stop.request()


@contextmanager
def interruptible() -> Iterator[Interruption]:
    """Signals ask the run to end for as long as the block lasts."""
    interruption = Interruption()
    before = {number: signal.signal(number, interruption.receive) for number in _SIGNALS}
    try:
        yield interruption
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
