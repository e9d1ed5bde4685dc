"""Where transit gateways carry what comes from a subnet: the recorded ones, read as EC2 does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

from tests.mocks import Registration

_START = "aws:ec2transitgateway/"


@dataclass(frozen=True)
class Transit:
    """The transit gateways among the resources of a stack."""

    resources: Sequence[Registration]

    def carried(self, subnet: Registration, gateway_id: str, block: IPv4Network) -> str | None:
        """The VPC that a gateway takes what `subnet` sends to `block` to, if there is any.

        A subnet's zone has to be one of those in which its network is attached.
        """
        for attachment in self._of("VpcAttachment"):
            inputs = attachment.inputs
            if (
                inputs["transitGatewayId"] == gateway_id
                and subnet.outputs["id"] in inputs["subnetIds"]
            ):
                return self.forwarded(gateway_id, attachment.outputs["id"], block)
        return None

    def forwarded(self, gateway_id: str, attachment_id: str, block: IPv4Network) -> str | None:
        """The VPC that what comes from an attachment of a gateway goes to, by its table."""
        for table in self._of("RouteTable"):
            table_id = table.outputs["id"]
            associated = {
                each.inputs["transitGatewayAttachmentId"]
                for each in self._of("RouteTableAssociation")
                if each.inputs["transitGatewayRouteTableId"] == table_id
            }
            if table.inputs["transitGatewayId"] == gateway_id and attachment_id in associated:
                return self._by_table(gateway_id, table_id, block)
        return None

    def _by_table(self, gateway_id: str, table_id: str, block: IPv4Network) -> str | None:
        for route in self._of("Route"):
            inputs = route.inputs
            to = IPv4Network(inputs["destinationCidrBlock"])
            if inputs["transitGatewayRouteTableId"] == table_id and block.subnet_of(to):
                return self._through(gateway_id, inputs["transitGatewayAttachmentId"], block)
        return None

    def _through(self, gateway_id: str, attachment_id: str, block: IPv4Network) -> str | None:
        for network in self._of("VpcAttachment"):
            if network.outputs["id"] == attachment_id:
                return str(network.inputs["vpcId"])
        accepted = {
            each.inputs["transitGatewayAttachmentId"]
            for each in self._of("PeeringAttachmentAccepter")
        }
        for peering in self._of("PeeringAttachment"):
            if peering.outputs["id"] == attachment_id and attachment_id in accepted:
                ends = {peering.inputs[key] for key in ("transitGatewayId", "peerTransitGatewayId")}
                (other,) = ends - {gateway_id}
                return self.forwarded(other, attachment_id, block)
        return None

    def _of(self, type_: str) -> list[Registration]:
        return [
            entry
            for entry in self.resources
            if entry.type.startswith(_START) and entry.type.endswith(f":{type_}")
        ]
