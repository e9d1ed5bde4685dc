"""Further actions that a call needs on AWS: the use of a key, the passing of a role, tagging."""
# ruff: noqa: SLF001 -- reads MiniStack's own stores

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack.services import secretsmanager

from local.gateway.api.request import Request
from local.gateway.authorization import ec2_parts, passed_roles, tags_on_create
from local.gateway.authorization.request import DependentAction
from local.gateway.stores import buckets, object_encryption, queues
from local.gateway.stores.object_encryption import KeyUse

_ACCESS_LIST = ("x-amz-acl", "x-amz-grant-")


def _key_action(action: str, use: KeyUse | None) -> list[DependentAction]:
    if use is None:
        return []
    return [
        DependentAction(
            action=action, resource=use.key_arn, region=use.region, conditions=use.conditions
        )
    ]


def _read_object(request: Request, resource: str) -> list[DependentAction]:
    bucket, key = buckets.split(resource)
    is_read = request.method != "PUT"  # the source of a copy is another object than the request's
    version = request.parameter("versionId") if is_read else None
    headers = object_encryption.stored_headers(bucket, key, version)
    return _key_action("kms:Decrypt", object_encryption.use_of(bucket, key, headers))


def _write_object(request: Request, resource: str) -> list[DependentAction]:
    actions = {
        "s3:PutObjectTagging": "x-amz-tagging" in request.headers,
        "s3:PutObjectAcl": any(name.startswith(_ACCESS_LIST) for name in request.headers),
    }
    needed = [
        DependentAction(action=action, resource=resource, region=request.region)
        for action, is_needed in actions.items()
        if is_needed
    ]
    return needed + _encrypt_object(request, resource)


def _encrypt_object(request: Request, resource: str) -> list[DependentAction]:
    bucket, key = buckets.split(resource)
    upload_id = request.parameter("uploadId")
    if upload_id is not None:
        headers = object_encryption.upload(upload_id).get("preserved_headers", {})
        return _key_action("kms:Decrypt", object_encryption.use_of(bucket, key, headers))
    is_named = object_encryption.ALGORITHM in request.headers
    headers = request.headers if is_named else object_encryption.default_headers(bucket)
    return _key_action("kms:GenerateDataKey", object_encryption.use_of(bucket, key, headers))


def _secret(request: Request, action: str) -> list[DependentAction]:
    body = request.json()
    _, stored = secretsmanager._resolve(body.get("SecretId") or body.get("Name"))
    secret: dict[str, Any] = stored or {}
    key_id = str(secret.get("KmsKeyId") or body.get("KmsKeyId") or "")
    if not key_id or key_id.endswith("alias/aws/secretsmanager"):
        return []
    scope = f"{request.region}:{request.account_id}"
    arn = secret.get("ARN") or f"arn:aws:secretsmanager:{scope}:secret:{body.get('Name')}"
    return [
        DependentAction(
            action=action,
            resource=key_id if key_id.startswith("arn:") else f"arn:aws:kms:{scope}:key/{key_id}",
            region=request.region,
            conditions={
                "kms:ViaService": f"secretsmanager.{request.region}.amazonaws.com",
                "kms:EncryptionContext:SecretARN": arn,
            },
        )
    ]


def _rotation_function(request: Request) -> list[DependentAction]:
    """Secrets Manager calls the function that the request or the secret names."""
    body = request.json()
    _, stored = secretsmanager._resolve(body.get("SecretId"))
    function = body.get("RotationLambdaARN") or (stored or {}).get("RotationLambdaARN")
    if not function:
        return []
    action = "lambda:InvokeFunction"
    return [DependentAction(action=action, resource=str(function), region=request.region)]


def _aliased_key(request: Request, action: str) -> list[DependentAction]:
    key_id = str(request.json().get("TargetKeyId"))
    start = f"arn:aws:kms:{request.region}:{request.account_id}"
    arn = key_id if key_id.startswith("arn:") else f"{start}:key/{key_id}"
    return [DependentAction(action=action, resource=arn, region=request.region)]


def _queue(resource: str, *actions: str) -> list[DependentAction]:
    key = queues.key_of(resource)
    if key is None:
        return []
    return [
        DependentAction(
            action=action, resource=key.key_arn, region=key.region, conditions=key.conditions
        )
        for action in actions
    ]


def _catalog(request: Request, resource: str) -> list[DependentAction]:
    """AWS Glue authorizes a call for a connection on the catalog that holds it, too."""
    action = request.headers.get("x-amz-target", "").rpartition(".")[2]
    catalog = f"{resource.partition(':connection/')[0]}:catalog"
    return [DependentAction(action=f"glue:{action}", resource=catalog, region=request.region)]


_BY_ACTION: dict[str, Callable[[Request, str], list[DependentAction]]] = {
    **{f"glue:{verb}Connection": _catalog for verb in ("Create", "Delete", "Get", "Update")},
    "kms:CreateAlias": lambda request, _: _aliased_key(request, "kms:CreateAlias"),
    "s3:GetObject": _read_object,
    "s3:GetObjectVersion": _read_object,
    "s3:PutObject": _write_object,
    "secretsmanager:GetSecretValue": lambda request, _: _secret(request, "kms:Decrypt"),
    "secretsmanager:CreateSecret": lambda request, _: _secret(request, "kms:GenerateDataKey"),
    "secretsmanager:PutSecretValue": lambda request, _: _secret(request, "kms:GenerateDataKey"),
    "secretsmanager:RotateSecret": lambda request, _: _rotation_function(request),
    "sqs:ReceiveMessage": lambda _, resource: _queue(resource, "kms:Decrypt"),
    "sqs:SendMessage": lambda _, resource: _queue(resource, "kms:GenerateDataKey", "kms:Decrypt"),
}


def dependent_actions(request: Request, action: str, resource: str) -> list[DependentAction]:
    """The further actions of `action` on `resource`, in the order in which AWS checks them."""
    further = passed_roles.pass_role(request, action)
    further += tags_on_create.tagging(request, action, resource)
    if request.service == "ec2":
        further += ec2_parts.further_parts(request, action)
    of_action = _BY_ACTION.get(action)
    return further + (of_action(request, resource) if of_action else [])
