"""The AWS clients of each provider that the program registers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.model import OperationModel

from local.deployment.errors import DeploymentError
from local.gateway.api.validation import problems_of

# What a provider may be given. Everything but the first group only tells the real provider how to
# talk to something that isn't AWS, which the clients here do anyway.
_USED = {
    "accessKey",
    "allowedAccountIds",
    "assumeRoles",
    "defaultTags",
    "endpoints",
    "region",
    "secretKey",
}
_WITHOUT_EFFECT = {
    "httpProxy",
    "s3UsePathStyle",
    "skipCredentialsValidation",
    "skipMetadataApiCheck",
    "skipRegionValidation",
}

_CONFIG = Config(
    # MWAA's API puts `api.` before the host, which no name server knows for a loopback address.
    inject_host_prefix=False,
    s3={"addressing_style": "path"},
    retries={"mode": "standard", "max_attempts": 3},
    max_pool_connections=32,
    connect_timeout=10,
    read_timeout=60,
)

_making = threading.Lock()
"""Held while a client is made, which isn't safe in several threads."""


@cache
def _maker() -> Callable[..., Any]:
    """Makes clients; one for all of them, so that each service's model is read once.

    The precise type would be a choice between the clients of 400 services, by a literal name.
    """
    maker: Callable[..., Any] = boto3.session.Session().client
    return maker


@dataclass(frozen=True, eq=False)
class AwsProvider:
    """An account and Region, as the program's own provider names them."""

    name: str
    region: str
    access_key: str
    secret_key: str
    endpoints: Mapping[str, str]
    default_tags: Mapping[str, str]
    inputs: Mapping[str, Any]
    session_token: str | None = None
    _clients: dict[str, Any] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        """The client of `service`; made once, as making one takes much longer than a call."""
        with _making:
            if service not in self._clients:
                client = _maker()(
                    service,
                    region_name=self.region,
                    aws_access_key_id=self.access_key,
                    aws_secret_access_key=self.secret_key,
                    aws_session_token=self.session_token,
                    endpoint_url=self._endpoint(service),
                    config=_CONFIG,
                )
                client.meta.events.register("before-parameter-build", _check_request)
                self._clients[service] = client
            return self._clients[service]

    def renewed(self) -> AwsProvider:
        """The same with new sessions: those of a run's beginning may have expired at its end."""
        return aws_provider(self.name, self.inputs)

    def _endpoint(self, service: str) -> str:
        if url := self.endpoints.get(service):
            return url
        raise DeploymentError(
            f"the provider {self.name} has no endpoint for {service}: a local deployment never"
            f" calls AWS itself, so name it in the provider's endpoints"
        )


def _check_request(params: dict[str, Any], model: OperationModel, **_: Any) -> None:
    """Lengths, patterns, allowed values: boto3 leaves them to AWS, MiniStack doesn't know them."""
    if problems := problems_of(model, params):
        raise DeploymentError(f"AWS would refuse {model.name}: {'; '.join(problems)}")


def aws_provider(name: str, inputs: Mapping[str, Any]) -> AwsProvider:
    """The provider that was registered as `name` with these plain `inputs`.

    Raises DeploymentError where it isn't one of a loopback endpoint, or where its credentials
    belong to another account than `allowedAccountIds` says.
    """
    unknown = set(inputs) - _USED - _WITHOUT_EFFECT
    if unknown:
        raise DeploymentError(
            f"the provider argument {min(unknown)} isn't known to the local deployment: say"
            f" in local/deployment/providers.py what becomes of it"
        )
    provider = AwsProvider(
        name=name,
        region=_required(inputs, "region"),
        access_key=_required(inputs, "accessKey"),
        secret_key=_required(inputs, "secretKey"),
        endpoints=_loopback_endpoints(inputs.get("endpoints", [])),
        default_tags=inputs.get("defaultTags", {}).get("tags", {}),
        inputs=inputs,
    )
    for role in inputs.get("assumeRoles", []):
        provider = _as_role(provider, role)
    _check_account(provider, inputs.get("allowedAccountIds", []))
    return provider


def _as_role(provider: AwsProvider, role: Mapping[str, Any]) -> AwsProvider:
    """The provider as a session of the role, which lasts an hour: longer than any deployment."""
    given = provider.client("sts").assume_role(
        RoleArn=role["roleArn"], RoleSessionName="local-deployment"
    )["Credentials"]
    return replace(
        provider,
        access_key=given["AccessKeyId"],
        secret_key=given["SecretAccessKey"],
        session_token=given["SessionToken"],
        _clients={},
    )


def _required(inputs: Mapping[str, Any], key: str) -> str:
    value = inputs.get(key)
    if not value:
        raise DeploymentError(f"it has no {key}, which a local deployment needs")
    return str(value)


def _loopback_endpoints(endpoints: list[Mapping[str, str]]) -> dict[str, str]:
    merged = {service: url for entry in endpoints for service, url in entry.items() if url}
    for service, url in merged.items():
        host = urlsplit(url).hostname
        if host not in ("127.0.0.1", "::1", "localhost"):
            raise DeploymentError(
                f"its endpoint of {service} is {url}: a local deployment only talks to this"
                f" machine (127.0.0.1)"
            )
    return merged


def _check_account(provider: AwsProvider, allowed: list[str]) -> None:
    """As the real provider does before anything else."""
    if not allowed:
        raise DeploymentError(
            "it has no allowedAccountIds: without them a wrong account would go unnoticed"
        )
    account = provider.client("sts").get_caller_identity()["Account"]
    if account not in allowed:
        raise DeploymentError(
            f"its credentials are of account {account}, and it allows only {', '.join(allowed)}"
        )
