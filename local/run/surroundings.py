"""Keeps the user's own AWS settings and proxies away from the embedded AWS."""

from __future__ import annotations

import os


def isolate() -> None:
    """Forget the shell's profiles, access keys and endpoints: they are for real AWS."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ["AWS_CONFIG_FILE"] = os.devnull
    os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
    for name in ("NO_PROXY", "no_proxy"):
        os.environ[name] = "127.0.0.1,localhost"
