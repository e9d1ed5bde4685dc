"""Clients of AWS as the stack's operator roles."""

from __future__ import annotations

import os
from typing import Any

from boto3.session import Session
from botocore.exceptions import NoCredentialsError

from clients.account_host import keep_host
from clients.role_session import config_of, role_session, root_session
from operate.errors import OperateError
from operate.outputs import Target


class Sessions:
    """A session per account: the user's own credentials assume the hub's operator role.

    That role alone may assume those of the other accounts.
    """

    def __init__(self, target: Target) -> None:
        self._stack = target.outputs
        self._endpoint = target.endpoint or os.environ.get("AWS_ENDPOINT_URL")
        self._alone = target.endpoint is not None
        self._own = root_session(self._stack.hub_account_id) if self._alone else Session()
        self._sessions: dict[str, Session] = {}

    def client(self, service: str, account_id: str, region: str) -> Any:
        """A client of `service` in an account and Region."""
        session: Any = self._session(account_id)
        client = session.client(
            service,
            region_name=region,
            endpoint_url=self._endpoint,
            config=config_of(self._endpoint),
        )
        if self._endpoint:
            keep_host(client)
        return client

    def _session(self, account_id: str) -> Session:
        if account_id not in self._sessions:
            hub = self._stack.hub_account_id
            caller = self._own if account_id == hub else self._session(hub)
            self._sessions[account_id] = self._assuming(caller, account_id)
        return self._sessions[account_id]

    def _assuming(self, caller: Session, account_id: str) -> Session:
        try:
            return role_session(
                caller,
                self._stack.operator_role_arns[account_id],
                name="operate",
                region=self._stack.hub_region,
                endpoint=self._endpoint,
                alone=self._alone,
            )
        except NoCredentialsError as error:
            raise OperateError(
                "no AWS credentials: log in, such that `aws sts get-caller-identity` succeeds"
            ) from error
