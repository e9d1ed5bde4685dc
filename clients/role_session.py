"""Sessions of a role that other credentials assume, on AWS or on an endpoint in its place."""

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
from botocore.exceptions import NoCredentialsError
from botocore.session import Session as CoreSession

_CONFIG = Config(retries={"mode": "standard", "max_attempts": 5})
# No prefix before the host, no bucket before the host, no proxy: it is one address on this machine.
_AT_ENDPOINT = _CONFIG.merge(
    Config(inject_host_prefix=False, proxies={}, s3={"addressing_style": "path"})
)

# The shell's profile and its files are for AWS: an endpoint's own account takes nothing from them.
_ALONE = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}


def config_of(endpoint: str | None) -> Config:
    """How clients call AWS, or the endpoint in its place."""
    return _AT_ENDPOINT if endpoint else _CONFIG


def root_session(account_id: str) -> Session:
    """The root of an account at an endpoint, which takes the account's id as the access key."""
    session = _alone()
    session.set_credentials(account_id, "unused")
    return Session(botocore_session=session)


def role_session(
    caller: Session,
    role_arn: str,
    *,
    name: str,
    region: str,
    endpoint: str | None,
    alone: bool = False,
) -> Session:
    """A session as a role, whose credentials are renewed before they end.

    `name` is the session's in CloudTrail. With `alone`, it takes nothing from the shell's profile.
    """
    credentials = caller.get_credentials()
    if credentials is None:
        raise NoCredentialsError
    provider = _AssumeRole(
        AssumeRoleCredentialFetcher(
            client_creator=functools.partial(
                caller.client,
                region_name=region,
                endpoint_url=endpoint,
                config=config_of(endpoint),
            ),
            source_credentials=credentials,
            role_arn=role_arn,
            extra_args={"RoleSessionName": name},
        )
    )
    session = _alone() if alone else CoreSession()
    session.register_component("credential_provider", CredentialResolver([provider]))
    return Session(botocore_session=session)


def role_client(
    service: str, account_id: str, role_arn: str, *, region: str, endpoint: str | None
) -> Any:
    """A client as a role of an account, which the shell's credentials assume.

    At an endpoint, the account's root assumes it.
    """
    caller = root_session(account_id) if endpoint else Session()
    session: Any = role_session(
        caller,
        role_arn,
        name="deployment",
        region=region,
        endpoint=endpoint,
        alone=endpoint is not None,
    )
    return session.client(
        service, region_name=region, endpoint_url=endpoint, config=config_of(endpoint)
    )


def _alone() -> CoreSession:
    variables: Any = _ALONE
    return CoreSession(variables)


class _AssumeRole(CredentialProvider):
    """Credentials of a role, renewed before they end."""

    METHOD = "assume-role"

    def __init__(self, fetcher: AssumeRoleCredentialFetcher) -> None:
        super().__init__()
        self._fetcher = fetcher

    def load(self) -> DeferredRefreshableCredentials:
        return DeferredRefreshableCredentials(self._fetcher.fetch_credentials, self.METHOD)
