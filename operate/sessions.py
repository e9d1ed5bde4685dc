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

from operate.errors import OperateError
from operate.outputs import Target

_CONFIG = Config(retries={"mode": "standard", "max_attempts": 5})
# No prefix before the host, no bucket before the host, no proxy: it is one address on this machine.
_LOCAL = _CONFIG.merge(
    Config(inject_host_prefix=False, proxies={}, s3={"addressing_style": "path"})
)

# The shell's profile and its files are for AWS: a local run takes nothing from them.
_ALONE = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}


class Sessions:
    """A session per account: the user's own credentials assume the hub's operator role.

    That role alone may assume those of the other accounts.
    """

    def __init__(self, target: Target) -> None:
        self._stack = target.outputs
        self._endpoint = target.endpoint or os.environ.get("AWS_ENDPOINT_URL")
        self._config = _LOCAL if self._endpoint else _CONFIG
        self._variables: Any = _ALONE if target.endpoint else None
        self._own = _root(self._stack.hub_account_id) if target.endpoint else Session()
        self._sessions: dict[str, Session] = {}

    def client(self, service: str, account_id: str, region: str) -> Any:
        """A client of `service` in an account and Region."""
        session: Any = self._session(account_id)
        return session.client(
            service, region_name=region, endpoint_url=self._endpoint, config=self._config
        )

    def _session(self, account_id: str) -> Session:
        if account_id not in self._sessions:
            hub = self._stack.hub_account_id
            caller = self._own if account_id == hub else self._session(hub)
            self._sessions[account_id] = self._assuming(caller, account_id)
        return self._sessions[account_id]

    def _assuming(self, caller: Session, account_id: str) -> Session:
        credentials = caller.get_credentials()
        if credentials is None:
            raise OperateError(
                "no AWS credentials: log in, such that `aws sts get-caller-identity` succeeds"
            )
        provider = _AssumeRole(
            AssumeRoleCredentialFetcher(
                client_creator=functools.partial(
                    caller.client,
                    region_name=self._stack.hub_region,
                    endpoint_url=self._endpoint,
                    config=self._config,
                ),
                source_credentials=credentials,
                role_arn=self._stack.operator_role_arns[account_id],
                extra_args={"RoleSessionName": "operate"},
            )
        )
        session = CoreSession(self._variables)
        session.register_component("credential_provider", CredentialResolver([provider]))
        return Session(botocore_session=session)


def _root(account_id: str) -> Session:
    """The root of an account in a local run, which takes the account's id as the access key."""
    alone: Any = CoreSession(_ALONE)
    alone.set_credentials(account_id, "unused")
    return Session(botocore_session=alone)


class _AssumeRole(CredentialProvider):
    """Credentials of a role, renewed before they end."""

    METHOD = "assume-role"

    def __init__(self, fetcher: AssumeRoleCredentialFetcher) -> None:
        super().__init__()
        self._fetcher = fetcher

    def load(self) -> DeferredRefreshableCredentials:
        return DeferredRefreshableCredentials(self._fetcher.fetch_credentials, self.METHOD)
