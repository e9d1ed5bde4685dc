"""Amazon Route 53: private hosted zones and their records."""

from __future__ import annotations

from local.deployment.limits import NameLimit
from local.deployment.mocked import Mocked, Outputs
from local.deployment.removal_calls import ID, call
from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType
from local.deployment.translation import Rule

_HOST = r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]+"


def create_zone(resource: Resource) -> Created:
    """A private hosted zone, associated with its networks."""
    route53, inputs = resource.client, resource.inputs
    first, *others = inputs["vpcs"]
    made = route53.create_hosted_zone(
        Name=resource.physical_name(),
        CallerReference=resource.logical_name,
        HostedZoneConfig={"Comment": inputs["comment"], "PrivateZone": True},
        VPC=_vpc(first),
    )["HostedZone"]
    zone_id = made["Id"].rpartition("/")[2]
    for each in others:
        route53.associate_vpc_with_hosted_zone(HostedZoneId=zone_id, VPC=_vpc(each))
    route53.change_tags_for_resource(
        ResourceType="hostedzone", ResourceId=zone_id, AddTags=resource.tag_list()
    )
    return Created(zone_id, {"arn": f"arn:aws:route53:::hostedzone/{zone_id}", "zoneId": zone_id})


def _vpc(given: dict[str, str]) -> dict[str, str]:
    return {"VPCId": given["vpcId"], "VPCRegion": given["vpcRegion"]}


def mock_zone(mocked: Mocked) -> Outputs:
    """A zone's id, in capitals and without the path that the API puts before it."""
    zone_id = f"Z{mocked.generated(20).upper()}"
    return {"id": zone_id, "arn": f"arn:aws:route53:::hostedzone/{zone_id}", "zoneId": zone_id}


ZONE = ResourceType(
    token="aws:route53/zone:Zone",
    service="route53",
    properties={"comment": Rule.HANDLED, "name": Rule.HANDLED, "vpcs": Rule.HANDLED},
    create=create_zone,
    remove=call("delete_hosted_zone", Id=ID),
    mock_outputs=mock_zone,
    takes_tags=True,
    name_limit=NameLimit(
        key="name",
        most=255,
        pattern=_HOST,
        unique_in=None,
        source="Amazon Route 53 developer guide, DNS domain name format (one per VPC)",
    ),
    deploy_actions=(
        "ec2:DescribeVpcs",
        "route53:AssociateVPCWithHostedZone",
        "route53:ChangeTagsForResource",
        "route53:CreateHostedZone",
        "route53:DeleteHostedZone",
        "route53:DisassociateVPCFromHostedZone",
        "route53:GetChange",
        "route53:GetHostedZone",
        "route53:ListResourceRecordSets",
        "route53:ListTagsForResource",
        "route53:UpdateHostedZoneComment",
    ),
)


def create_record(resource: Resource) -> Created:
    """A record that is another name's, by an alias."""
    inputs = resource.inputs
    _change(resource, "CREATE")
    return Created(
        f"{inputs['zoneId']}_{inputs['name']}_{inputs['type']}", {"fqdn": inputs["name"]}
    )


def delete_record(resource: Resource, _id: str) -> None:
    """The record, which Route 53 wants to be told whole."""
    _change(resource, "DELETE")


def _change(resource: Resource, action: str) -> None:
    inputs = resource.inputs
    (alias,) = inputs["aliases"]
    target = {
        "DNSName": alias["name"],
        "EvaluateTargetHealth": alias["evaluateTargetHealth"],
        "HostedZoneId": alias["zoneId"],
    }
    record = {"Name": inputs["name"], "Type": inputs["type"], "AliasTarget": target}
    resource.client.change_resource_record_sets(
        HostedZoneId=inputs["zoneId"],
        ChangeBatch={"Changes": [{"Action": action, "ResourceRecordSet": record}]},
    )


RECORD = ResourceType(
    token="aws:route53/record:Record",
    service="route53",
    properties={
        "aliases": Rule.HANDLED,
        "name": Rule.HANDLED,
        "type": Rule.HANDLED,
        "zoneId": Rule.HANDLED,
    },
    create=create_record,
    remove=delete_record,
    name_limit=NameLimit(
        key="name",
        most=255,
        pattern=_HOST,
        unique_in=None,
        source="Amazon Route 53 developer guide, DNS domain name format",
    ),
    deploy_actions=(
        "route53:ChangeResourceRecordSets",
        "route53:GetChange",
        "route53:GetHostedZone",
        "route53:ListResourceRecordSets",
    ),
)
