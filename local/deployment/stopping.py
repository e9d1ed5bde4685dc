"""A wish to stop that threads waiting for AWS can see."""

from __future__ import annotations

import threading

from local.deployment.errors import DeploymentError


class Stop:
    """Set once, when the deployment failed elsewhere or was interrupted."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def request(self) -> None:
        """Let every waiting thread end."""
        self._event.set()

    def pause(self, seconds: float) -> None:
        """Wait; raises DeploymentError as soon as the deployment is to stop."""
        if self._event.wait(seconds):
            raise DeploymentError("the deployment was stopped before this was done")
