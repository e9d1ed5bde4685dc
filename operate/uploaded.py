"""The run that an upload starts, with the id that the hub's function gives it."""

from __future__ import annotations

from importlib import import_module
from typing import Any

# Python has no statement that imports a module below one named `lambda`.
Upload: Any = import_module("workloads.lambda.start_runs").Upload
