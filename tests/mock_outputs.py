"""What AWS would answer for each resource type: the table behind `tests.mocks`.

A type that isn't listed is an error, so that no test ever runs on the word "None" in an ARN.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from components.aws.partitions import partition_of

Inputs = Mapping[str, Any]
Outputs = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Place:
    """An account and a Region."""

    account_id: str
    region: str

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource that lives in this account and Region."""
        return f"{self._start(service)}:{self.region}:{self.account_id}:{resource}"

    def global_arn(self, service: str, resource: str) -> str:
        """The ARN of a resource of the whole account, such as a role."""
        return f"{self._start(service)}::{self.account_id}:{resource}"

    def _start(self, service: str) -> str:
        return f"arn:{partition_of(self.region)}:{service}"


_Answer = Callable[[str, Inputs, Place], Outputs]


def outputs_of(type_: str, name: str, inputs: Inputs, place: Place | None) -> Outputs:
    """The id and the computed outputs of a resource; raises KeyError for an unknown type."""
    if type_.startswith("pulumi:providers:"):
        return {"id": _hexadecimal(name, 12)}
    if type_ == "random:index/randomPassword:RandomPassword":
        return {"id": "none", "result": f"generated-for-{name}", "bcryptHash": "unused"}
    if type_ not in _TABLE:
        raise KeyError(f"no outputs are known for {type_} ({name}): add it to tests/mock_outputs")
    if place is None:
        raise ValueError(f"{type_} {name} has a provider without a Region")
    return {"id": _hexadecimal(f"{type_}{name}", 17), **_TABLE[type_](name, inputs, place)}


EXISTING_VPC = "vpc-0123456789abcdef0"
EXISTING_ZONES = {
    "subnet-0123456789abcdef0": "a",
    "subnet-0123456789abcdef1": "b",
    "subnet-0123456789abcdef2": "b",
}
"""The subnets of the one network that is there before every program, and their zones' letters."""
EXISTING_GROUPS = ("sg-0123456789abcdef0", "sg-0123456789abcdef1")


def call_result(token: str, arguments: Inputs, place: Place) -> Outputs:
    """The answer of a provider function."""
    if token not in _CALLS:
        raise KeyError(f"no answer is known for the call of {token}: add it to tests/mock_outputs")
    return _CALLS[token](arguments, place)


def _zones(arguments: Inputs, place: Place) -> Outputs:
    del arguments
    names = [f"{place.region}{letter}" for letter in "abc"]
    identifiers = [f"{place.region}-az{number}" for number in (1, 2, 3)]
    return {"id": place.region, "names": names, "zoneIds": identifiers, "groupNames": []}


def _subnets(arguments: Inputs, place: Place) -> Outputs:
    return {"id": place.region, "ids": _found(arguments, "subnet-id", EXISTING_ZONES)}


def _security_groups(arguments: Inputs, place: Place) -> Outputs:
    return {"id": place.region, "ids": _found(arguments, "group-id", EXISTING_GROUPS)}


def _found(arguments: Inputs, key: str, known: Collection[str]) -> list[str]:
    """Those of `known` that the filters leave; the last one first, as no order is promised."""
    filters = {each["name"]: each["values"] for each in arguments["filters"]}
    assert set(filters) == {"vpc-id", key}
    if EXISTING_VPC not in filters["vpc-id"]:
        return []
    return sorted(set(known) & set(filters[key]), reverse=True)


def _subnet(arguments: Inputs, place: Place) -> Outputs:
    zone = EXISTING_ZONES[arguments["id"]]
    return {
        "id": arguments["id"],
        "vpcId": EXISTING_VPC,
        "availabilityZone": f"{place.region}{zone}",
    }


_CALLS: dict[str, Callable[[Inputs, Place], Outputs]] = {
    "aws:index/getAvailabilityZones:getAvailabilityZones": _zones,
    "aws:ec2/getSubnets:getSubnets": _subnets,
    "aws:ec2/getSecurityGroups:getSecurityGroups": _security_groups,
    "aws:ec2/getSubnet:getSubnet": _subnet,
}


def _hexadecimal(text: str, length: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def _key(name: str, inputs: Inputs, place: Place) -> Outputs:
    del inputs
    digest = _hexadecimal(f"{name}{place}", 32)
    key_id = "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:]))
    return {"id": key_id, "keyId": key_id, "arn": place.arn("kms", f"key/{key_id}")}


def _bucket(name: str, inputs: Inputs, place: Place) -> Outputs:
    del name
    bucket = inputs["bucket"]
    arn = f"arn:{partition_of(place.region)}:s3:::{bucket}"
    return {"id": bucket, "arn": arn, "bucketDomainName": f"{bucket}.s3.amazonaws.com"}


def _of_bucket(name: str, inputs: Inputs, place: Place) -> Outputs:
    del name, place
    return {"id": inputs["bucket"]}


def _object(name: str, inputs: Inputs, place: Place) -> Outputs:
    del place
    content = repr(inputs.get("content") or inputs.get("source"))
    return {
        "id": f"{inputs['bucket']}/{inputs['key']}",
        "etag": _hexadecimal(content, 32),
        "versionId": f"version-of-{name}-{_hexadecimal(content, 8)}",
    }


def _role(name: str, inputs: Inputs, place: Place) -> Outputs:
    del name
    return {
        "id": inputs["name"],
        "arn": place.global_arn("iam", f"role/{inputs['name']}"),
        "uniqueId": "AROA" + _hexadecimal(inputs["name"], 17).upper(),
    }


def _policy(name: str, inputs: Inputs, place: Place) -> Outputs:
    del name
    arn = place.global_arn("iam", f"policy/{inputs['name']}")
    return {"id": arn, "arn": arn}


def _secret(name: str, inputs: Inputs, place: Place) -> Outputs:
    suffix = _hexadecimal(name, 6)
    arn = place.arn("secretsmanager", f"secret:{inputs['name']}-{suffix}")
    return {"id": arn, "arn": arn}


def _environment(name: str, inputs: Inputs, place: Place) -> Outputs:
    return {
        "id": inputs["name"],
        "arn": place.arn("airflow", f"environment/{inputs['name']}"),
        "webserverUrl": f"{_hexadecimal(name, 8)}.c1.{place.region}.airflow.amazonaws.com",
        "status": "AVAILABLE",
    }


def _eip(name: str, inputs: Inputs, place: Place) -> Outputs:
    del inputs, place
    allocation = f"eipalloc-{_hexadecimal(name, 17)}"
    return {"id": allocation, "allocationId": allocation, "publicIp": "192.0.2.1"}


def _named(service: str, resource: str) -> _Answer:
    """A resource whose id is its name and whose ARN ends in it."""

    def answer(name: str, inputs: Inputs, place: Place) -> Outputs:
        del name
        return {
            "id": inputs["name"],
            "arn": place.arn(service, f"{resource}{inputs['name']}"),
        }

    return answer


def _numbered(prefix: str, service: str = "ec2", resource: str | None = None) -> _Answer:
    """A resource that AWS gives an id of its own, such as `vpc-0a1b...`."""

    def answer(name: str, inputs: Inputs, place: Place) -> Outputs:
        del inputs
        identifier = f"{prefix}-{_hexadecimal(f'{name}{place}', 17)}"
        return {"id": identifier, "arn": place.arn(service, f"{resource or prefix}/{identifier}")}

    return answer


def _plain(name: str, inputs: Inputs, place: Place) -> Outputs:
    """A resource of which nobody uses more than the id."""
    del name, inputs, place
    return {}


def _lambda(name: str, inputs: Inputs, place: Place) -> Outputs:
    del name
    arn = place.arn("lambda", f"function:{inputs['name']}")
    return {"id": inputs["name"], "arn": arn, "qualifiedArn": f"{arn}:1"}


_TABLE: dict[str, _Answer] = {
    "aws:kms/key:Key": _key,
    "aws:kms/alias:Alias": _named("kms", ""),
    "aws:s3/bucket:Bucket": _bucket,
    "aws:s3/bucketVersioning:BucketVersioning": _of_bucket,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": _of_bucket,
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": _of_bucket,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": (
        _of_bucket
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _of_bucket,
    "aws:s3/bucketPolicy:BucketPolicy": _of_bucket,
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": _of_bucket,
    "aws:s3/bucketObjectv2:BucketObjectv2": _object,
    "aws:iam/role:Role": _role,
    "aws:iam/rolePolicy:RolePolicy": _plain,
    "aws:iam/policy:Policy": _policy,
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": _plain,
    "aws:cloudwatch/logGroup:LogGroup": _named("logs", "log-group:"),
    "aws:glue/securityConfiguration:SecurityConfiguration": _named(
        "glue", "securityConfiguration/"
    ),
    "aws:glue/job:Job": _named("glue", "job/"),
    "aws:lambda/function:Function": _lambda,
    "aws:secretsmanager/secret:Secret": _secret,
    "aws:secretsmanager/secretVersion:SecretVersion": _plain,
    "aws:mwaa/environment:Environment": _environment,
    "aws:ec2/vpc:Vpc": _numbered("vpc"),
    "aws:ec2/subnet:Subnet": _numbered("subnet"),
    "aws:ec2/internetGateway:InternetGateway": _numbered("igw", resource="internet-gateway"),
    "aws:ec2/natGateway:NatGateway": _numbered("nat", resource="natgateway"),
    "aws:ec2/eip:Eip": _eip,
    "aws:ec2/routeTable:RouteTable": _numbered("rtb", resource="route-table"),
    "aws:ec2/route:Route": _numbered("r"),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": _numbered("rtbassoc"),
    "aws:ec2/securityGroup:SecurityGroup": _numbered("sg", resource="security-group"),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": _numbered("sg", resource="security-group"),
    "aws:ec2/vpcEndpoint:VpcEndpoint": _numbered("vpce", resource="vpc-endpoint"),
    "aws:ec2/flowLog:FlowLog": _numbered("fl", resource="vpc-flow-log"),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _numbered("sgr"),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _numbered("sgr"),
}
