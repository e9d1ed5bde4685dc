"""The condition keys of a request that MiniStack doesn't know."""
# ruff: noqa: SLF001 -- reads MiniStack's own stores

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from ministack.services import lambda_svc, s3

from local.gateway.authorization import ec2_parts, organization, principal_arns
from local.gateway.authorization.request import ConditionKeys
from local.gateway.authorization.stored_keys import stored_keys
from local.gateway.stores import object_encryption
from local.gateway.stores.object_encryption import KEY_ID

if TYPE_CHECKING:
    from local.gateway.api.request import Request

_S3_CUSTOMER_ALGORITHM = "x-amz-server-side-encryption-customer-algorithm"


def _present(keys: dict[str, str | list[str] | None]) -> ConditionKeys:
    return {key: value for key, value in keys.items() if value is not None}


def _string(value: object) -> str | None:
    """A JSON value as the string that policies compare; None where the key is absent."""
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else str(value)


def _training_job(body: dict[str, Any]) -> ConditionKeys:
    resources, output = body.get("ResourceConfig", {}), body.get("OutputDataConfig", {})
    network = body.get("VpcConfig", {})
    return _present(
        {
            "sagemaker:InstanceTypes": [resources["InstanceType"]]
            if "InstanceType" in resources
            else None,
            "sagemaker:OutputKmsKey": _string(output.get("KmsKeyId")),
            "sagemaker:VolumeKmsKey": _string(resources.get("VolumeKmsKeyId")),
            "sagemaker:NetworkIsolation": _string(body.get("EnableNetworkIsolation")),
            "sagemaker:InterContainerTrafficEncryption": _string(
                body.get("EnableInterContainerTrafficEncryption")
            ),
            "sagemaker:MaxRuntimeInSeconds": _string(
                body.get("StoppingCondition", {}).get("MaxRuntimeInSeconds")
            ),
            "sagemaker:VpcSubnets": network.get("Subnets"),
            "sagemaker:VpcSecurityGroupIds": network.get("SecurityGroupIds"),
        }
    )


def _put_object(request: Request) -> ConditionKeys:
    upload_id = request.parameter("uploadId")
    key_id = request.headers.get(KEY_ID)
    if upload_id is not None:
        # A part has no encryption headers: those of its upload hold.
        upload = object_encryption.upload(upload_id)
        is_requested = upload.get("requested_sse") is not None
        key_id = upload["preserved_headers"].get(KEY_ID) if is_requested else None
    return _present(
        {
            f"s3:{KEY_ID}": key_id,
            f"s3:{_S3_CUSTOMER_ALGORITHM}": request.headers.get(_S3_CUSTOMER_ALGORITHM),
        }
    )


def _tag_object(request: Request) -> ConditionKeys:
    try:
        tags: dict[str, str] = s3._parse_tags_xml(request.body)
    except ParseError:
        return {}
    keys: ConditionKeys = {f"s3:RequestObjectTag/{key}": value for key, value in tags.items()}
    return keys | {"s3:RequestObjectTagKeys": list(tags)}


def _kms(request: Request) -> ConditionKeys:
    given = request.json().get("EncryptionContext")
    if not isinstance(given, dict):
        return {}
    pairs: ConditionKeys = {
        f"kms:EncryptionContext:{name}": str(value) for name, value in given.items()
    }
    return pairs | {"kms:EncryptionContextKeys": list(given)}


def _event_source_mapping(request: Request) -> ConditionKeys:
    """The function of a mapping that is created, or else of the one that the path names."""
    if request.method != "POST":
        mapping = lambda_svc._esms.get(request.path.rpartition("/")[2]) or {}
        return _present({"lambda:FunctionArn": mapping.get("FunctionArn")})
    name = str(request.json().get("FunctionName"))
    start = f"arn:aws:lambda:{request.region}:{request.account_id}:function"
    return {"lambda:FunctionArn": name if name.startswith("arn:") else f"{start}:{name}"}


def _iam(request: Request) -> ConditionKeys:
    """What a role gets: its boundary, else the one that it has; and a managed policy."""
    return _present(
        {
            "iam:PermissionsBoundary": request.parameter("PermissionsBoundary"),
            "iam:PolicyARN": request.parameter("PolicyArn"),
        }
    )


def resolve_condition_key(original: Callable[..., object]) -> Callable[..., object]:
    """Make the keys of principals and of organizations those of AWS, in every policy evaluated."""
    return organization.resolve_condition_key(principal_arns.resolve_condition_key(original))


def condition_keys(request: Request, action: str, resource: str) -> ConditionKeys:
    """The condition keys that `request` adds for the policies on `action`."""
    return stored_keys(action, resource) | _requested(request, action, resource)


def _requested(request: Request, action: str, resource: str) -> ConditionKeys:
    if action == "cloudwatch:PutMetricData":
        namespace = request.json().get("Namespace") or request.parameter("Namespace")
        return _present({"cloudwatch:namespace": namespace})
    if action.startswith("ec2:"):
        return ec2_parts.part_keys(request, resource)
    of_action = _BY_ACTION.get(action) or _BY_SERVICE.get(action.partition(":")[0])
    return of_action(request) if of_action else {}


_BY_ACTION: Mapping[str, Callable[[Request], ConditionKeys]] = {
    **{
        f"lambda:{verb}EventSourceMapping": _event_source_mapping
        for verb in ("Create", "Delete", "Get", "Update")
    },
    "s3:PutObject": _put_object,
    "s3:PutObjectTagging": _tag_object,
    "sagemaker:CreateTrainingJob": lambda request: _training_job(request.json()),
    "sagemaker:CreateHyperParameterTuningJob": lambda request: _training_job(
        request.json().get("TrainingJobDefinition", {})
    ),
}
_BY_SERVICE: Mapping[str, Callable[[Request], ConditionKeys]] = {"iam": _iam, "kms": _kms}
