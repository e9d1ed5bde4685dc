"""Which endpoint services there are: AWS's own, and those that an environment offers."""

from __future__ import annotations

from typing import Any

import pytest
from ministack.core.responses import get_region

from local.gateway.ec2.endpoints import create_endpoint, fields
from local.gateway.stores.endpoint_services import offered


def made(service: str) -> Any:
    return create_endpoint(lambda _request: "made")({"ServiceName": [service]})


def test_an_environments_service_has_an_endpoint() -> None:
    service = offered(get_region())
    assert made(service) == "made"
    endpoint = {"VpcEndpointType": "Interface", "VpcEndpointId": "vpce-1", "ServiceName": service}
    name = service.rpartition(".")[2]
    host = f"vpce-1.{name}.{get_region()}.vpce.amazonaws.com"
    assert host in fields(lambda _endpoint, tag: f"<{tag}></{tag}>")(endpoint)


@pytest.mark.parametrize("region", [get_region(), "eu-west-1"])
def test_a_service_that_nothing_offers_is_unknown(region: str) -> None:
    status, _, body = made(f"com.amazonaws.vpce.{region}.vpce-svc-0")
    assert status == 400
    assert b"InvalidServiceName" in body
