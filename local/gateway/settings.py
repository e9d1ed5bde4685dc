"""Where the gateway serves, and where its files are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
"""The only address that any part of the local run listens on."""

PROJECT = Path(__file__).resolve().parents[2]
"""The checkout; its path may contain spaces."""

INSTALLED = PROJECT / ".local"
"""What the set-up installs beside `.venv`: Airflow's environments, Spark's jars, caches."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One running gateway."""

    port: int
    directory: Path

    @property
    def endpoint(self) -> str:
        """The URL that answers for every AWS service."""
        return f"http://{HOST}:{self.port}"

    def folder(self, name: str) -> Path:
        """A folder of the working directory; it is created where it doesn't exist."""
        path = self.directory / name
        path.mkdir(parents=True, exist_ok=True)
        return path
