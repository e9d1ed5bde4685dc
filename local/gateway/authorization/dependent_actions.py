"""Further permissions that a call needs on AWS: the key of encrypted data, the role passed on."""
# ruff: noqa: SLF001 -- reads MiniStack's own stores

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ministack.services import iam, secretsmanager

from local.gateway.authorization import tags_on_create
from local.gateway.stores import buckets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from local.gateway.api.request import Request


@dataclass(frozen=True, kw_only=True)
class DependentCall:
    """One more authorisation that a request must pass."""

    action: str
    resource: str
    region: str
    conditions: Mapping[str, str | list[str]] = field(default_factory=dict)


def _key_call(action: str, use: buckets.KeyUse | None) -> list[DependentCall]:
    if use is None:
        return []
    return [
        DependentCall(
            action=action, resource=use.key_arn, region=use.region, conditions=use.conditions
        )
    ]


def _read_object(request: Request, resource: str) -> list[DependentCall]:
    bucket, key = buckets.split(resource)
    read = request.method != "PUT"  # a copy's source is another object than the request's
    version = request.parameter("versionId") if read else None
    headers = buckets.stored_headers(bucket, key, version)
    return _key_call("kms:Decrypt", buckets.use_of(bucket, key, headers))


_ACCESS_LIST = ("x-amz-acl", "x-amz-grant-")


def _write_object(request: Request, resource: str) -> list[DependentCall]:
    actions = {"s3:PutObjectTagging": "x-amz-tagging" in request.headers}
    actions["s3:PutObjectAcl"] = any(name.startswith(_ACCESS_LIST) for name in request.headers)
    beside = [
        DependentCall(action=action, resource=resource, region=request.region)
        for action, asked in actions.items()
        if asked
    ]
    return beside + _encrypt_object(request, resource)


def _encrypt_object(request: Request, resource: str) -> list[DependentCall]:
    bucket, key = buckets.split(resource)
    upload_id = request.parameter("uploadId")
    if upload_id is not None:
        headers = buckets.upload(upload_id).get("preserved_headers", {})
        return _key_call("kms:Decrypt", buckets.use_of(bucket, key, headers))
    asked = "x-amz-server-side-encryption" in request.headers
    headers = request.headers if asked else buckets.default_headers(bucket)
    return _key_call("kms:GenerateDataKey", buckets.use_of(bucket, key, headers))


def _secret(request: Request, action: str) -> list[DependentCall]:
    body = request.json()
    _, stored = secretsmanager._resolve(body.get("SecretId") or body.get("Name"))
    secret: dict[str, Any] = stored or {}
    key_id = secret.get("KmsKeyId") or body.get("KmsKeyId")
    if not key_id or str(key_id).endswith("alias/aws/secretsmanager"):
        return []
    arn = secret.get("ARN") or (
        f"arn:aws:secretsmanager:{request.region}:{request.account_id}:secret:{body.get('Name')}"
    )
    key = (
        str(key_id)
        if str(key_id).startswith("arn:")
        else f"arn:aws:kms:{request.region}:{request.account_id}:key/{key_id}"
    )
    return [
        DependentCall(
            action=action,
            resource=key,
            region=request.region,
            conditions={
                "kms:ViaService": f"secretsmanager.{request.region}.amazonaws.com",
                "kms:EncryptionContext:SecretARN": arn,
            },
        )
    ]


_PASSED = {
    "airflow:CreateEnvironment": ("ExecutionRoleArn", "airflow.amazonaws.com"),
    "airflow:UpdateEnvironment": ("ExecutionRoleArn", "airflow.amazonaws.com"),
    "ec2:CreateFlowLogs": ("DeliverLogsPermissionArn", "vpc-flow-logs.amazonaws.com"),
    "glue:CreateJob": ("Role", "glue.amazonaws.com"),
    "glue:UpdateJob": ("Role", "glue.amazonaws.com"),
    "lambda:CreateFunction": ("Role", "lambda.amazonaws.com"),
    "lambda:UpdateFunctionConfiguration": ("Role", "lambda.amazonaws.com"),
    "s3:PutReplicationConfiguration": ("Role", "s3.amazonaws.com"),
    "sagemaker:CreateTrainingJob": ("RoleArn", "sagemaker.amazonaws.com"),
}
"""Which member of a request names a role, and the service that it is passed to."""

_XML_ROLE = re.compile(rb"<Role>\s*([^<\s]+)\s*</Role>")


def _passed_role(request: Request, member: str) -> object:
    if request.service == "s3":
        found = _XML_ROLE.search(request.body)
        return found.group(1).decode() if found else None
    if request.service == "ec2":
        return request.parameter(member)
    body = request.json()
    return body.get("JobUpdate", body).get(member)


def _pass_role(request: Request, action: str) -> list[DependentCall]:
    member, service = _PASSED[action]
    role = _passed_role(request, member)
    if not isinstance(role, str):
        return []
    name = role.rpartition("/")[2]
    known = iam._roles.get_scoped(request.account_id, None, name) or {}
    arn = role if role.startswith("arn:") else known.get("Arn", role)
    return [
        DependentCall(
            action="iam:PassRole",
            resource=arn,
            region=request.region,
            conditions={"iam:PassedToService": service},
        )
    ]


def _tag(request: Request, action: str, resource: str) -> list[DependentCall]:
    conditions = tags_on_create.conditions(request, action)
    if conditions is None:
        return []
    return [
        DependentCall(
            action=tags_on_create.ACTIONS[action],
            resource=resource,
            region=request.region,
            conditions=conditions,
        )
    ]


_OTHERS: dict[str, Callable[[Request, str], list[DependentCall]]] = {
    "s3:GetObject": _read_object,
    "s3:GetObjectVersion": _read_object,
    "s3:PutObject": _write_object,
    "secretsmanager:GetSecretValue": lambda request, _: _secret(request, "kms:Decrypt"),
    "secretsmanager:CreateSecret": lambda request, _: _secret(request, "kms:GenerateDataKey"),
    "secretsmanager:PutSecretValue": lambda request, _: _secret(request, "kms:GenerateDataKey"),
}


def dependent_calls(request: Request, action: str, resource: str) -> list[DependentCall]:
    """The further authorisations of `action` on `resource`, in the order AWS makes them."""
    calls = _pass_role(request, action) if action in _PASSED else []
    if action in tags_on_create.ACTIONS:
        calls += _tag(request, action, resource)
    other = _OTHERS.get(action)
    return calls + (other(request, resource) if other else [])
