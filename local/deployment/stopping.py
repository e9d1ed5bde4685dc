"""A wish to stop that threads waiting for AWS can see."""

from __future__ import annotations

import threading

from local.deployment.errors import DeploymentError


class StoppedError(DeploymentError):
    """Something was given up because the whole is to end; never the cause itself."""


class Stop:
    """Set once, when something failed elsewhere or the person at the keyboard has had enough."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def request(self) -> None:
        """Let everything that waits end."""
        self._event.set()

    def check(self) -> None:
        """Raise StoppedError if everything is to end."""
        self.pause(0)

    def pause(self, seconds: float) -> None:
        """Wait; raises StoppedError as soon as everything is to end."""
        if self._event.wait(seconds):
            raise StoppedError("it was given up, because the run is ending")
