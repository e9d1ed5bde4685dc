"""Jobs in a network: what Glue and SageMaker look at before they run, as the job's role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.local.gateway.aws import DATA, EAST, Aws, allow, refusal, service_trust, wait_until

_ENDED = {"SUCCEEDED", "FAILED"}
_START = f"arn:aws:ec2:{EAST}:{DATA}"


@dataclass(frozen=True)
class _Place:
    """A network whose subnet has a way to S3, and whose group opens all TCP ports to itself."""

    subnet: str
    group: str
    zone: str


@pytest.fixture
def place(aws: Aws) -> _Place:
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnet["SubnetId"])
    ec2.create_vpc_endpoint(
        VpcId=vpc, ServiceName=f"com.amazonaws.{EAST}.s3", RouteTableIds=[table]
    )
    group = ec2.create_security_group(VpcId=vpc, GroupName="work", Description="work")["GroupId"]
    itself = {"UserIdGroupPairs": [{"GroupId": group}]}
    ec2.authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[{"IpProtocol": "tcp", "FromPort": 0, "ToPort": 65535, **itself}],
    )
    return _Place(subnet["SubnetId"], group, subnet["AvailabilityZone"])


def _connection(aws: Aws, place: _Place, **changed: Any) -> str:
    name = aws.unique("connection")
    requirements = {
        "SubnetId": place.subnet,
        "SecurityGroupIdList": [place.group],
        "AvailabilityZone": place.zone,
    }
    aws.client("glue").create_connection(
        ConnectionInput={
            "Name": name,
            "ConnectionType": "NETWORK",
            "ConnectionProperties": {},
            "PhysicalConnectionRequirements": {**requirements, **changed},
        },
        Tags={"of": "a test"},
    )
    return name


_GLUE_CALLS = {
    "look": allow(
        [
            *("ec2:DescribeNetworkInterfaces", "ec2:DescribeRouteTables"),
            *("ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcEndpoints"),
        ],
        "*",
    ),
    "make": allow("ec2:CreateNetworkInterface", f"{_START}:*"),
    "tag": allow(
        "ec2:CreateTags",
        f"{_START}:network-interface/*",
        Condition={"ForAllValues:StringEquals": {"aws:TagKeys": ["aws-glue-service-resource"]}},
    ),
    "read": allow("glue:GetConnection", f"arn:aws:glue:{EAST}:{DATA}:*"),
}


def _result(aws: Aws, place: _Place, connection: str, *, without: str | None = None) -> str:
    """The end of a run in that connection, as a role that lacks one of the statements."""
    bucket = aws.bucket()
    aws.client("s3").put_object(Bucket=bucket, Key="job.py", Body=b"print('ran')")
    remove = allow(
        "ec2:DeleteNetworkInterface",
        f"{_START}:network-interface/*",
        Condition={"ArnEquals": {"ec2:Subnet": f"{_START}:subnet/{place.subnet}"}},
    )
    calls = {**_GLUE_CALLS, "remove": remove}
    role = aws.role(
        "glue",
        allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*"),
        allow(["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], "*"),
        *(statement for name, statement in calls.items() if name != without),
        trusted=service_trust("glue.amazonaws.com"),
    )
    glue, name = aws.client("glue"), aws.unique("job")
    glue.create_job(
        Name=name,
        Role=role,
        Command={"Name": "glueetl", "ScriptLocation": f"s3://{bucket}/job.py"},
        Connections={"Connections": [connection]},
        GlueVersion="5.1",
    )
    run = glue.start_job_run(JobName=name)["JobRunId"]
    ended = wait_until(
        lambda: glue.get_job_run(JobName=name, RunId=run)["JobRun"],
        lambda row: row["JobRunState"] in _ENDED,
    )
    return f"{ended['JobRunState']} {ended.get('ErrorMessage', '')}".strip()


def test_a_job_runs_in_a_network(aws: Aws, place: _Place) -> None:
    assert _result(aws, place, _connection(aws, place)) == "SUCCEEDED"


@pytest.mark.parametrize(
    ("without", "said"),
    [
        ("read", "glue:GetConnection"),
        ("look", "ec2:DescribeNetworkInterfaces"),
        ("make", "ec2:CreateNetworkInterface"),
        ("tag", "ec2:CreateTags"),
        ("remove", "ec2:DeleteNetworkInterface"),
    ],
)
def test_its_role_needs_every_call(aws: Aws, place: _Place, without: str, said: str) -> None:
    found = _result(aws, place, _connection(aws, place), without=without)
    assert found.startswith("FAILED")
    assert f"is not authorized to perform: {said}" in found


def test_its_groups_and_routes_must_be_fit(aws: Aws, place: _Place) -> None:
    ec2 = aws.client("ec2")
    vpc = ec2.describe_subnets(SubnetIds=[place.subnet])["Subnets"][0]["VpcId"]
    closed = ec2.create_security_group(VpcId=vpc, GroupName="closed", Description="closed")
    shut = _connection(aws, place, SecurityGroupIdList=[closed["GroupId"]])
    assert "must open all ingress ports" in _result(aws, place, shut)
    alone = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.associate_route_table(RouteTableId=table, SubnetId=alone["SubnetId"])
    cut_off = _connection(
        aws, place, SubnetId=alone["SubnetId"], AvailabilityZone=alone["AvailabilityZone"]
    )
    assert "Could not find S3 endpoint or NAT gateway" in _result(aws, place, cut_off)


def test_a_connection_is_made_once_in_a_subnet_that_is_there(aws: Aws, place: _Place) -> None:
    name = _connection(aws, place)
    glue = aws.client("glue")
    arn = f"arn:aws:glue:{EAST}:{DATA}:connection/{name}"
    assert glue.get_tags(ResourceArn=arn)["Tags"] == {"of": "a test"}
    again = {"Name": name, "ConnectionType": "NETWORK", "ConnectionProperties": {}}
    assert "AlreadyExists" in refusal(lambda: glue.create_connection(ConnectionInput=again))
    assert "does not exist" in refusal(lambda: _connection(aws, place, SubnetId="subnet-1"))


def test_a_connection_is_authorized_on_its_catalog_too(aws: Aws) -> None:
    name = aws.unique("connection")
    made = {"Name": name, "ConnectionType": "NETWORK", "ConnectionProperties": {}}
    parts = [f"arn:aws:glue:{EAST}:{DATA}:connection/{name}", f"arn:aws:glue:{EAST}:{DATA}:catalog"]

    def create(*allowed: str) -> None:
        session = aws.session(allow("glue:CreateConnection", *allowed))
        aws.client("glue", session).create_connection(ConnectionInput=made)

    assert "AccessDenied" in refusal(lambda: create(parts[0]))
    assert "AccessDenied" in refusal(lambda: create(parts[1]))
    create(*parts)
