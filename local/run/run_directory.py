"""The working directory of a run, and what is in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]

PROGRAM = CHECKOUT / "__main__.py"
"""What a run deploys."""

DEFAULT_DIRECTORY = CHECKOUT / ".local" / "run"
"""The working directory of `make local`; a next run clears it, so the last one can be read."""


@dataclass(frozen=True)
class RunDirectory:
    """The parts of a run's working directory."""

    path: Path

    @property
    def lock(self) -> Path:
        """Held by the run that is at work."""
        return self.path / "lock"

    @property
    def processes(self) -> Path:
        """The processes that a later run or `stop` has to end."""
        return self.path / "processes.json"

    @property
    def aws(self) -> Path:
        """The gateway's own directory: logs, Airflow, Glue and training runs."""
        return self.path / "aws"

    @property
    def aws_processes(self) -> Path:
        """The gateway's own record of its children."""
        return self.aws / "processes.json"

    @property
    def gateway_log(self) -> Path:
        """What the gateway itself printed."""
        return self.path / "gateway.log"

    @property
    def result(self) -> Path:
        """What stays: the models, the page and the summary."""
        return self.path / "result"

    @property
    def summary(self) -> Path:
        """The report as JSON."""
        return self.result / "summary.json"

    @property
    def page(self) -> Path:
        """The report as HTML."""
        return self.result / "report.html"
