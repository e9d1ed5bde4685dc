"""The folders of the set-up, all inside the checkout."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "requirements"
STATE = ROOT / ".local"
MAIN_ENVIRONMENT = ROOT / ".venv"
SPARK_JARS = STATE / "spark-jars"


def airflow_environment(version: str) -> Path:
    """The environment of that Airflow version."""
    return STATE / f"airflow-{version}"


def python_of(environment: Path) -> Path:
    """The interpreter inside an environment."""
    return environment / "bin" / "python"
