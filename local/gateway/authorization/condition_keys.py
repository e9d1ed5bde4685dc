"""Condition keys of requests that MiniStack doesn't know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local.gateway.stores import buckets

if TYPE_CHECKING:
    from local.gateway.api.request import Request

Context = dict[str, str | list[str]]

_S3_KEY_ID = "x-amz-server-side-encryption-aws-kms-key-id"
_S3_CUSTOMER_ALGORITHM = "x-amz-server-side-encryption-customer-algorithm"


def _present(context: dict[str, str | list[str] | None]) -> Context:
    return {key: value for key, value in context.items() if value is not None}


def _text(value: object) -> str | None:
    """A JSON value as policies compare it; None, the key's absence, where there is none."""
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else str(value)


def _training_job(body: dict[str, Any]) -> Context:
    resources, output = body.get("ResourceConfig", {}), body.get("OutputDataConfig", {})
    network = body.get("VpcConfig", {})
    types = [group["InstanceType"] for group in resources.get("InstanceGroups", [])]
    if "InstanceType" in resources:
        types.append(resources["InstanceType"])
    return _present(
        {
            "sagemaker:InstanceTypes": types or None,
            "sagemaker:OutputKmsKey": _text(output.get("KmsKeyId")),
            "sagemaker:VolumeKmsKey": _text(resources.get("VolumeKmsKeyId")),
            "sagemaker:NetworkIsolation": _text(body.get("EnableNetworkIsolation")),
            "sagemaker:InterContainerTrafficEncryption": _text(
                body.get("EnableInterContainerTrafficEncryption")
            ),
            "sagemaker:MaxRuntimeInSeconds": _text(
                body.get("StoppingCondition", {}).get("MaxRuntimeInSeconds")
            ),
            "sagemaker:VpcSubnets": network.get("Subnets"),
            "sagemaker:VpcSecurityGroupIds": network.get("SecurityGroupIds"),
        }
    )


def _put_object(request: Request) -> Context:
    upload_id = request.parameter("uploadId")
    key_id = request.headers.get(_S3_KEY_ID)
    if upload_id is not None:
        # A part has no encryption headers of its own: those of its upload hold.
        begun = buckets.upload(upload_id)
        asked = begun.get("requested_sse") is not None
        key_id = begun["preserved_headers"].get(_S3_KEY_ID) if asked else None
    return _present(
        {
            f"s3:{_S3_KEY_ID}": key_id,
            f"s3:{_S3_CUSTOMER_ALGORITHM}": request.headers.get(_S3_CUSTOMER_ALGORITHM),
        }
    )


def _key_management(request: Request) -> Context:
    given = request.json().get("EncryptionContext")
    if not isinstance(given, dict):
        return {}
    pairs: Context = {f"kms:EncryptionContext:{name}": str(value) for name, value in given.items()}
    return pairs | {"kms:EncryptionContextKeys": list(given)}


def condition_keys(request: Request, action: str) -> Context:
    """What `request` adds to the context in which policies on `action` are evaluated."""
    if action == "sagemaker:CreateTrainingJob":
        return _training_job(request.json())
    if action == "s3:PutObject":
        return _put_object(request)
    if action == "cloudwatch:PutMetricData":
        namespace = request.json().get("Namespace") or request.parameter("Namespace")
        return _present({"cloudwatch:namespace": namespace})
    if action.startswith("kms:"):
        return _key_management(request)
    return {}
