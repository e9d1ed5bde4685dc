"""Clients of AWS as the stack's operator roles."""

from __future__ import annotations

import functools
import os
from typing import Any

from boto3.session import Session
from botocore.config import Config
from botocore.credentials import (
    AssumeRoleCredentialFetcher,
    CredentialProvider,
    CredentialResolver,
    DeferredRefreshableCredentials,
)
from botocore.session import Session as CoreSession

from operate.outputs import Target

_CONFIG = Config(retries={"mode": "standard", "max_attempts": 5})
# No prefix before the host, no bucket before the host, no proxy: it is one address on this machine.
_LOCAL = _CONFIG.merge(
    Config(inject_host_prefix=False, proxies={}, s3={"addressing_style": "path"})
)


class Sessions:
    """A session per account: the user's own credentials assume the hub's operator role.

    That role alone may assume those of the other accounts.
    """

    def __init__(self, target: Target) -> None:
        self._stack = target.outputs
        self._endpoint = target.endpoint or os.environ.get("AWS_ENDPOINT_URL")
        self._config = _LOCAL if self._endpoint else _CONFIG
        own = CoreSession()
        if target.endpoint:
            # A local run takes an account's id as the access key of its root.
            own.set_credentials(self._stack.hub_account_id, "unused")
        hub = self._stack.hub_account_id
        self._sessions = {hub: self._assuming(own, hub)}

    def client(self, service: str, account_id: str, region: str) -> Any:
        """A client of `service` in an account and Region."""
        hub = self._sessions[self._stack.hub_account_id]
        if account_id not in self._sessions:
            self._sessions[account_id] = self._assuming(hub, account_id)
        session: Any = Session(botocore_session=self._sessions[account_id])
        return session.client(
            service, region_name=region, endpoint_url=self._endpoint, config=self._config
        )

    def _assuming(self, caller: CoreSession, account_id: str) -> CoreSession:
        session = CoreSession()
        provider = _AssumeRole(
            AssumeRoleCredentialFetcher(
                client_creator=functools.partial(
                    caller.create_client,
                    region_name=self._stack.hub_region,
                    endpoint_url=self._endpoint,
                    config=self._config,
                ),
                source_credentials=caller.get_credentials(),
                role_arn=self._stack.operator_role_arns[account_id],
                extra_args={"RoleSessionName": "operate"},
            )
        )
        session.register_component("credential_provider", CredentialResolver([provider]))
        return session


class _AssumeRole(CredentialProvider):
    """Credentials of a role, renewed before they end."""

    METHOD = "assume-role"

    def __init__(self, fetcher: AssumeRoleCredentialFetcher) -> None:
        super().__init__()
        self._fetcher = fetcher

    def load(self) -> DeferredRefreshableCredentials:
        return DeferredRefreshableCredentials(self._fetcher.fetch_credentials, self.METHOD)
