"""Policy documents, which a program may give as text or as a structure."""

from __future__ import annotations

import json
from typing import Any


def as_json(document: Any) -> str:
    """The document as the JSON text that AWS wants."""
    return document if isinstance(document, str) else json.dumps(document)
