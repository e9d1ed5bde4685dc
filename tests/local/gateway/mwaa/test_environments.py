"""MWAA environments: a real Airflow that follows its bucket."""

from __future__ import annotations

import io
import os
import re
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.gateway import gateway_process
from tests.local.gateway.aws import (
    DATA,
    EAST,
    HUB,
    WEST,
    Aws,
    allow,
    refusal,
    service_trust,
    trust,
    wait_until,
)

_PLUGIN = """
from airflow.plugins_manager import AirflowPlugin


def shout(text):
    return text.upper()


class TeamPlugin(AirflowPlugin):
    name = "team"
    macros = [shout]
"""

_DAG = """
from airflow.sdk import DAG, task

with DAG("{name}", schedule=None):

    @task
    def report(word):
        import os
        import boto3
        import team_plugin
        print("by the plugin's macro:", word, "and by import:", team_plugin.shout("b"))
        print("as", boto3.client("sts").get_caller_identity()["Arn"])
        print("from the startup script:", os.environ["FROM_STARTUP"])
        print("leaked:", os.environ.get("AWS_PROFILE"), os.environ.get("PYTHONPATH"))

    report("{{{{ macros.team.shout('a') }}}}")
"""


def network(aws: Aws) -> str:
    vpc: str = aws.client("ec2", HUB).create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    return vpc


def subnet(aws: Aws, vpc: str, zone: str) -> str:
    made = aws.client("ec2", HUB).create_subnet(
        VpcId=vpc, CidrBlock="10.0.1.0/24", AvailabilityZone=zone
    )
    found: str = made["Subnet"]["SubnetId"]
    return found


def security_group(aws: Aws, vpc: str) -> str:
    made = aws.client("ec2", HUB).create_security_group(
        GroupName=aws.unique("group"), Description="environment", VpcId=vpc
    )
    found: str = made["GroupId"]
    return found


class _Hub:
    """An environment and its bucket."""

    def __init__(self, aws: Aws, name: str, **settings: Any) -> None:
        self.aws, self.name = aws, name
        self.mwaa = aws.client("mwaa", HUB)
        self.bucket = aws.bucket(HUB, versioned=True)
        self.network = network(aws)
        self.role = aws.role(
            "execution",
            allow(["s3:GetObject", "s3:GetObjectVersion"], f"arn:aws:s3:::{self.bucket}/*"),
            allow("s3:ListBucket", f"arn:aws:s3:::{self.bucket}"),
            by=HUB,
            trusted=settings.pop("trusted", "")
            or trust(
                {"Service": ["airflow.amazonaws.com", "airflow-env.amazonaws.com"]},
                StringEquals={"aws:SourceAccount": HUB},
                ArnLike={"aws:SourceArn": f"arn:aws:airflow:{EAST}:{HUB}:environment/{name}"},
            ),
        )
        script = settings.pop("script", "export FROM_STARTUP='a value'\n")
        self.put("dags/first.py", _DAG.format(name="first"))
        version = self.put("startup.sh", script)
        plugins = io.BytesIO()
        with zipfile.ZipFile(plugins, "w") as archive:
            archive.writestr("team_plugin.py", _PLUGIN)
        self.request = {
            "Name": name,
            "AirflowVersion": "3.3.1",
            "SourceBucketArn": f"arn:aws:s3:::{self.bucket}",
            "DagS3Path": "dags",
            "ExecutionRoleArn": self.role,
            "NetworkConfiguration": {
                "SubnetIds": [subnet(aws, self.network, f"{EAST}{zone}") for zone in "ab"],
                "SecurityGroupIds": [security_group(aws, self.network)],
            },
            "AirflowConfigurationOptions": {"core.dags_are_paused_at_creation": "False"},
            "StartupScriptS3Path": "startup.sh",
            "StartupScriptS3ObjectVersion": version,
            "PluginsS3Path": "plugins.zip",
            "PluginsS3ObjectVersion": self.put("plugins.zip", plugins.getvalue()),
            **settings,
        }

    def put(self, key: str, content: str | bytes) -> str:
        s3 = self.aws.client("s3", HUB)
        version: str = s3.put_object(Bucket=self.bucket, Key=key, Body=content)["VersionId"]
        return version

    def look(self) -> dict[str, Any]:
        found: dict[str, Any] = self.mwaa.get_environment(Name=self.name)["Environment"]
        return found

    def created(self) -> dict[str, Any]:
        """The environment, once it is no longer being created."""
        self.mwaa.create_environment(**self.request)
        return wait_until(self.look, lambda found: found["Status"] != "CREATING", 300)

    def invoke(self, method: str, path: str, **more: Any) -> Any:
        answer = self.mwaa.invoke_rest_api(Name=self.name, Method=method, Path=path, **more)
        return answer["RestApiResponse"]

    def dags(self) -> set[str]:
        return {dag["dag_id"] for dag in self.invoke("GET", "/dags")["dags"]}

    def run(self, dag: str) -> str:
        """Trigger the DAG and wait for the state in which its run ends."""
        wait_until(self.dags, lambda dags: dag in dags)
        run = self.invoke("POST", f"/dags/{dag}/dagRuns", Body={"logical_date": None})["dag_run_id"]

        def state() -> str:
            query = {"dag_id": dag}
            rows = self.invoke("GET", f"/dags/{dag}/dagRuns", QueryParameters=query)["dag_runs"]
            found: str = next(row["state"] for row in rows if row["dag_run_id"] == run)
            return found

        return wait_until(state, lambda found: found in {"success", "failed"})

    @property
    def folder(self) -> Path:
        return self.aws.directory / "airflow" / f"{HUB}-{EAST}-{self.name}"

    def component(self, name: str) -> int:
        """The process id of a component, from the gateway's record."""
        text = (self.aws.directory / "processes.json").read_text()
        wanted = f'"name": "airflow/{HUB}-{EAST}-{self.name}/{name}",\\s+"pid": (\\d+)'
        found = re.search(wanted, text)
        return int(found.group(1)) if found else 0


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Hub]:
    """An environment in a gateway of its own, which nothing else keeps busy."""
    with gateway_process.gateway(tmp_path_factory.mktemp("mwaa") / "with a space") as (aws, _):
        made = _Hub(aws, "hub")
        found = made.created()
        assert (found["Status"], found["LastUpdate"]) == ("AVAILABLE", {"Status": "SUCCESS"})
        yield made


@pytest.mark.end_to_end
@pytest.mark.verification
class TestRunningEnvironment:
    def test_its_tasks_run_as_the_execution_role(self, hub: _Hub) -> None:
        assert hub.run("first") == "success"
        (log,) = (hub.folder / "logs/dag_id=first").rglob("*.log")
        printed = log.read_text()
        role = hub.role.rpartition("/")[2]
        assert f"as arn:aws:sts::{HUB}:assumed-role/{role}/AmazonMWAA-airflow" in printed
        assert "from the startup script: a value" in printed
        assert "leaked: None None" in printed
        assert "by the plugin's macro: A and by import: B" in printed

    def test_it_follows_its_bucket(self, hub: _Hub) -> None:
        hub.put("dags/second.py", _DAG.format(name="second"))
        wait_until(hub.dags, lambda dags: "second" in dags)
        hub.aws.client("s3", HUB).delete_object(Bucket=hub.bucket, Key="dags/second.py")
        wait_until((hub.folder / "dags/second.py").exists, lambda there: not there)

    def test_everything_listens_on_the_loopback_address_only(self, hub: _Hub) -> None:
        listed = subprocess.run(["ss", "-ltnpH"], capture_output=True, text=True, check=True)
        sessions = {hub.component(name) for name in ("api-server", "scheduler", "triggerer")}
        ours = [
            line
            for line in listed.stdout.splitlines()
            for pid in re.findall(r"pid=(\d+)", line)
            if os.getsid(int(pid)) in sessions
        ]
        assert ours
        assert all(line.split()[3].startswith("127.0.0.1:") for line in ours)

    def test_airflows_refusals_are_those_of_the_rest_api(self, hub: _Hub) -> None:
        with pytest.raises(ClientError) as refused:
            hub.invoke("GET", "/dags/none")
        assert refused.value.response["Error"]["Code"] == "RestApiClientException"
        assert refused.value.response["RestApiStatusCode"] == 404  # type: ignore[typeddict-item]

    def test_a_run_that_is_there_already_is_a_conflict(self, hub: _Hub) -> None:
        wait_until(hub.dags, lambda dags: "first" in dags)
        body = {"dag_run_id": "upload_1", "logical_date": None}
        hub.invoke("POST", "/dags/first/dagRuns", Body=body)
        with pytest.raises(ClientError) as refused:
            hub.invoke("POST", "/dags/first/dagRuns", Body=body)
        assert refused.value.response["Error"]["Code"] == "RestApiClientException"
        assert refused.value.response["RestApiStatusCode"] == 409  # type: ignore[typeddict-item]

    def test_a_path_longer_than_mwaa_takes_is_refused(self, hub: _Hub) -> None:
        said = refusal(lambda: hub.invoke("GET", "/dags/" + "a" * 60))
        assert "Path: longer than 64 characters" in said or "at most 64 allowed" in said

    def test_its_page_is_where_it_says(self, hub: _Hub) -> None:
        answer = hub.mwaa.create_web_login_token(Name="hub")
        assert answer["WebServerHostname"] == hub.look()["WebserverUrl"]

    def test_another_ends_with_its_deletion(self, hub: _Hub) -> None:
        other = _Hub(hub.aws, "other")
        other.mwaa.create_environment(**other.request)
        scheduler = wait_until(lambda: other.component("scheduler"), bool)
        other.mwaa.delete_environment(Name="other")
        assert other.component("scheduler") == 0
        with pytest.raises(ProcessLookupError):
            os.kill(scheduler, 0)
        assert "ResourceNotFound" in refusal(other.look)


class TestFailedCreation:
    """CREATE_FAILED says why."""

    def _error(self, hub: _Hub) -> str:
        found = hub.created()
        assert found["Status"] == "CREATE_FAILED"
        return str(found["LastUpdate"]["Error"]["ErrorMessage"])

    def test_a_version_that_is_not_installed(self, aws: Aws) -> None:
        said = self._error(_Hub(aws, "missing", AirflowVersion="3.99.0"))
        assert said.startswith("Airflow 3.99.0 isn't installed on this machine")
        assert "bootstrap.py install --airflow 3.99.0" in said

    @pytest.mark.end_to_end
    @pytest.mark.verification
    def test_a_role_that_does_not_trust_mwaa(self, aws: Aws) -> None:
        said = self._error(_Hub(aws, "untrusting", trusted=service_trust("glue.amazonaws.com")))
        assert "does not allow airflow.amazonaws.com to assume it" in said

    @pytest.mark.parametrize("service", ["airflow", "airflow-env"])
    def test_a_role_that_trusts_one_of_mwaas_services_only(self, aws: Aws, service: str) -> None:
        trusted = service_trust(f"{service}.amazonaws.com")
        said = self._error(_Hub(aws, f"half-trusting-{service}", trusted=trusted))
        assert said.endswith("amazonaws.com to assume it.")

    def test_it_is_not_updated(self, aws: Aws) -> None:
        hub = _Hub(aws, "failed", trusted=service_trust("glue.amazonaws.com"))
        hub.created()
        said = refusal(lambda: hub.mwaa.update_environment(Name=hub.name, MaxWorkers=2))
        assert said == (
            "ValidationException: Environment failed is CREATE_FAILED: wait until it is AVAILABLE"
        )

    @pytest.mark.end_to_end
    @pytest.mark.verification
    def test_a_bucket_that_the_role_may_not_read(self, aws: Aws) -> None:
        hub = _Hub(aws, "blind")
        aws.permit(hub.role, allow("sts:AssumeRole", "*"))
        assert "s3:ListBucket" in self._error(hub)

    @pytest.mark.end_to_end
    @pytest.mark.verification
    def test_a_startup_script_that_fails(self, aws: Aws) -> None:
        said = self._error(_Hub(aws, "script", script="echo nothing works\nexit 1\n"))
        assert said == "The startup script ended with exit status 1: nothing works"


class TestSurroundings:
    """A bucket and a network that MWAA doesn't take: nothing is created."""

    @pytest.fixture
    def hub(self, aws: Aws) -> _Hub:
        return _Hub(aws, aws.unique("surrounded"))

    def _said(self, hub: _Hub, **network: list[str]) -> str:
        hub.request["NetworkConfiguration"] |= network
        said = refusal(lambda: hub.mwaa.create_environment(**hub.request))
        assert "ResourceNotFound" in refusal(hub.look)
        return said.removeprefix("ValidationException: ")

    @pytest.mark.parametrize("owner", [None, DATA])
    def test_a_bucket_that_is_not_the_accounts(
        self, aws: Aws, hub: _Hub, owner: str | None
    ) -> None:
        bucket = "none-like-it" if owner is None else aws.bucket(owner, versioned=True)
        hub.request["SourceBucketArn"] = f"arn:aws:s3:::{bucket}"
        assert self._said(hub) == f"SourceBucketArn: there is no bucket {bucket} in the account"

    def test_a_bucket_of_another_region(self, aws: Aws, hub: _Hub) -> None:
        bucket = aws.bucket(HUB, WEST, versioned=True)
        hub.request["SourceBucketArn"] = f"arn:aws:s3:::{bucket}"
        said = self._said(hub)
        assert said == f"SourceBucketArn: {bucket} is in {WEST}, and the environment in {EAST}"

    @pytest.mark.parametrize("status", [None, "Suspended"])
    def test_a_bucket_without_versions(self, aws: Aws, hub: _Hub, status: str | None) -> None:
        bucket = aws.bucket(HUB)
        if status is not None:
            aws.client("s3", HUB).put_bucket_versioning(
                Bucket=bucket, VersioningConfiguration={"Status": status}
            )
        hub.request["SourceBucketArn"] = f"arn:aws:s3:::{bucket}"
        said = self._said(hub)
        assert said == f"SourceBucketArn: {bucket} has no versioning: enable it"

    def test_a_bucket_that_could_be_public(self, aws: Aws, hub: _Hub) -> None:
        block = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True}
        aws.client("s3", HUB).put_public_access_block(
            Bucket=hub.bucket,
            PublicAccessBlockConfiguration={**block, "RestrictPublicBuckets": False},
        )
        said = self._said(hub)
        assert said == (f"SourceBucketArn: {hub.bucket} could be public: set RestrictPublicBuckets")

    def test_subnets_and_security_groups_that_are_not_there(self, hub: _Hub) -> None:
        (first, _) = hub.request["NetworkConfiguration"]["SubnetIds"]
        said = self._said(
            hub, SubnetIds=[first, "subnet-1a2b3c4d"], SecurityGroupIds=["sg-1a2b3c4d"]
        )
        assert said == "; ".join(
            f"NetworkConfiguration: there is no {name} in the account and Region"
            for name in ("subnet subnet-1a2b3c4d", "security group sg-1a2b3c4d")
        )

    def test_subnets_in_one_zone(self, aws: Aws, hub: _Hub) -> None:
        same = [subnet(aws, hub.network, f"{EAST}a") for _ in range(2)]
        said = self._said(hub, SubnetIds=same)
        assert said == (
            "NetworkConfiguration: the subnets share an Availability Zone: expected two zones"
        )

    def test_a_security_group_of_another_network(self, aws: Aws, hub: _Hub) -> None:
        other = network(aws)
        said = self._said(hub, SecurityGroupIds=[security_group(aws, other)])
        both = ", ".join(sorted([hub.network, other]))
        assert said == f"NetworkConfiguration: expected one VPC, got {both}"

    @pytest.mark.parametrize("table", ["its own", "the network's"])
    def test_a_public_subnet(self, aws: Aws, hub: _Hub, table: str) -> None:
        ec2 = aws.client("ec2", HUB)
        first, second = hub.request["NetworkConfiguration"]["SubnetIds"]
        gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        if table == "its own":
            public = ec2.create_route_table(VpcId=hub.network)["RouteTable"]["RouteTableId"]
            ec2.associate_route_table(RouteTableId=public, SubnetId=first)
            affected = [first]
        else:
            of_network = [{"Name": "vpc-id", "Values": [hub.network]}]
            (main,) = ec2.describe_route_tables(Filters=of_network)["RouteTables"]
            public, affected = main["RouteTableId"], [first, second]
        ec2.create_route(RouteTableId=public, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
        assert self._said(hub) == "; ".join(
            f"NetworkConfiguration: the subnet {each} is public: it has a route to {gateway}"
            for each in affected
        )

    def test_a_subnet_with_a_table_of_its_own_in_a_public_network(
        self, aws: Aws, hub: _Hub
    ) -> None:
        ec2 = aws.client("ec2", HUB)
        of_network = [{"Name": "vpc-id", "Values": [hub.network]}]
        (main,) = ec2.describe_route_tables(Filters=of_network)["RouteTables"]
        ec2.create_route(
            RouteTableId=main["RouteTableId"], DestinationCidrBlock="0.0.0.0/0", GatewayId="igw-1"
        )
        first, second = hub.request["NetworkConfiguration"]["SubnetIds"]
        private = ec2.create_route_table(VpcId=hub.network)["RouteTable"]["RouteTableId"]
        ec2.associate_route_table(RouteTableId=private, SubnetId=first)
        said = self._said(hub)
        assert second in said
        assert first not in said


def test_fewer_workers_than_the_least(aws: Aws) -> None:
    hub = _Hub(aws, "workers", MinWorkers=9, MaxWorkers=2)
    said = refusal(lambda: hub.mwaa.create_environment(**hub.request))
    assert said == "ValidationException: MinWorkers: more than MaxWorkers"


def test_a_malformed_request_creates_nothing(aws: Aws) -> None:
    hub = _Hub(aws, "malformed", MaxWorkers=2, AirflowVersion="three" * 10)
    said = refusal(lambda: hub.mwaa.create_environment(**hub.request))
    assert said.startswith("ValidationException: AirflowVersion: 50 characters, at most 32")
    assert "ResourceNotFound" in refusal(hub.look)
