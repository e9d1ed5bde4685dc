"""The environment variables of the gateway and of the processes that it starts.

Of the user's shell they get only what every program needs. A profile, a key or a Region for real
AWS, or settings of Airflow or Spark, would change what the local run does.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from local.gateway.settings import HOST

if TYPE_CHECKING:
    from pathlib import Path

    from local.gateway.settings import Settings

_KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "USER", "LOGNAME", "LD_LIBRARY_PATH")


def base(environment: Mapping[str, str], *, home: Path, temporary: Path) -> dict[str, str]:
    """What every process gets: no credentials, and none of the user's files."""
    kept = {name: environment[name] for name in _KEPT if name in environment}
    # Not the null device, for which the Java SDK prints a stack trace.
    nothing = home / "no-aws-settings"
    nothing.touch()
    return kept | {
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "PYTHONUNBUFFERED": "1",
        # An SDK finds credentials and settings only in its environment variables.
        "AWS_CONFIG_FILE": str(nothing),
        "AWS_SHARED_CREDENTIALS_FILE": str(nothing),
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "*",
    }


def of_gateway(environment: Mapping[str, str], settings: Settings) -> dict[str, str]:
    """The gateway's own variables; MiniStack reads its settings from them when it is imported."""
    own = base(environment, home=settings.folder("home"), temporary=settings.folder("temporary"))
    return own | {
        "AUTH": "true",
        "BIND_HOST": HOST,
        "GATEWAY_PORT": str(settings.port),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "LAMBDA_EXECUTOR": "local",
        # Functions inherit it: a client for Amazon MWAA would look up `env.127.0.0.1`.
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
        "MINISTACK_AUTOCREATE_AWS_MANAGED": "1",
        "LOG_LEVEL": "WARNING",
    }


def of_child(name: str, settings: Settings) -> dict[str, str]:
    """The variables of a child process, with a home and a temporary folder below `name`."""
    return base(
        os.environ,
        home=settings.folder(f"{name}/home"),
        temporary=settings.folder(f"{name}/temporary"),
    )
