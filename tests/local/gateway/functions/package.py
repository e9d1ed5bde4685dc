"""The deployment package of a function that is one file."""

from __future__ import annotations

import io
import zipfile


def zipped(code: str) -> bytes:
    """An archive whose `code.py` is `code`."""
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("code.py", code)
    return package.getvalue()
