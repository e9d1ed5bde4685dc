"""boto3 clients of the embedded AWS, as any account's root."""

from __future__ import annotations

from typing import Any

from botocore.config import Config
from botocore.session import Session

_CONFIG = Config(
    inject_host_prefix=False,
    s3={"addressing_style": "path"},
    retries={"mode": "standard", "max_attempts": 3},
    connect_timeout=10,
    read_timeout=60,
)


class Accounts:
    """Makes clients; the embedded AWS takes an account's id as the access key of its root."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._session = Session()

    def client(self, service: str, account_id: str, region: str) -> Any:
        """A client of `service` in an account and Region."""
        return self._session.create_client(
            service,
            region_name=region,
            endpoint_url=self.endpoint,
            aws_access_key_id=account_id,
            aws_secret_access_key="unused",  # noqa: S106 (a root's signature isn't checked)
            config=_CONFIG,
        )
