"""VPC endpoints: the services that they reach in another Region, and their names in DNS."""
# ruff: noqa: SLF001 -- reads and answers as MiniStack's own handlers do

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack.core.responses import get_region
from ministack.services import ec2

from local.gateway.stores.endpoint_services import ENDPOINT_SERVICES

ACROSS_REGIONS = frozenset(
    {"ecr.api", "ecr.dkr", "ecs", "kinesis-firehose", "kinesisanalytics", "kms", "lambda", "s3"}
)
"""AWS PrivateLink guide, "Cross-region enabled AWS services": those that have a Region."""

_OFFERED = "com.amazonaws.vpce."
"""What the names of endpoint services begin with that aren't AWS's own services."""

_HOSTED_ZONE = "Z00000000000000000000"

_Handler = Callable[[dict[str, Any]], Any]


def create_endpoint(original: _Handler) -> _Handler:
    """Refuse an endpoint of a service of another Region that has none across Regions."""

    def handle(request: dict[str, Any]) -> Any:
        name = ec2._p(request, "ServiceName")
        region = ec2._p(request, "ServiceRegion") or get_region()
        service = name.removeprefix(f"com.amazonaws.{region}.")
        is_offered = name.startswith(f"{_OFFERED}{region}.") and name in ENDPOINT_SERVICES
        is_known = service != name and (region == get_region() or service in ACROSS_REGIONS)
        if not is_known and not is_offered:
            message = f"The Vpc Endpoint Service '{name}' does not exist"
            return ec2._error("InvalidServiceName", message, 400)
        return original(request)

    return handle


def fields(original: Callable[..., str]) -> Callable[..., str]:
    """Add the name in DNS of an interface endpoint to what EC2 answers of it."""

    def with_names(endpoint: dict[str, Any], tag: str = "item") -> str:
        answer = original(endpoint, tag=tag)
        if endpoint["VpcEndpointType"] != "Interface":
            return answer
        service = endpoint["ServiceName"].removeprefix(_OFFERED).removeprefix("com.amazonaws.")
        region, _, name = service.partition(".")
        host = f"{endpoint['VpcEndpointId']}.{name}.{region}.vpce.amazonaws.com"
        entry = f"<dnsName>{host}</dnsName><hostedZoneId>{_HOSTED_ZONE}</hostedZoneId>"
        end = f"</{tag}>"
        rest = answer.rstrip().removesuffix(end)
        return f"{rest}<dnsEntrySet><item>{entry}</item></dnsEntrySet>{end}"

    return with_names
