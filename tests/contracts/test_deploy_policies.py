"""The policies of the deploy roles, evaluated for what they allow and for what they don't."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest
from ministack.core import iam_evaluator

from bootstrap.accounts import scopes
from bootstrap.policies.documents import boundary_policy, deploy_policies
from components.aws.customer_key_policy import (
    account_delegation,
    administration,
    grants_for_environment,
)
from components.aws.naming import Names
from components.aws.partitions import dns_suffix_of
from components.aws.policy_document import policy_document
from components.topology.loading import load_topology
from components.topology.model import Network
from local.deployment.services.ec2.endpoints import VPC_ENDPOINT
from tests.contracts.evaluated_policies import decision, deploy, scope
from tests.mocks import ROOT, stack_as_it_is
from tests.permission_reasons import listed
from tests.topologies import shared_topology

KNOW_THE_BOUNDARY = {
    "iam:AttachRolePolicy",
    "iam:CreateRole",
    "iam:DeleteRolePermissionsBoundary",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
}
"""The actions on roles that IAM asks with `iam:PermissionsBoundary` (Service Authorization
Reference): a condition on that key refuses every other one."""

LONGEST_STACK = "s" * 12
"""About as long as the name of a stack is before it is cut."""
REGIONS = 17
"""As many as every account has."""

ACCOUNT = "111111111111"
REGION = "us-east-1"
PREFIX = "unified-pipelines-dev"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/deploy-{PREFIX}"
OWN = {"project": "unified-pipelines", "stack": "dev"}
OTHERS: tuple[dict[str, str], ...] = (
    {},
    {"stack": "dev"},
    {"project": "unified-pipelines"},
    {"project": "unified-pipelines", "stack": "prod"},
    {"project": "another", "stack": "dev"},
)
"""Tags of resources that aren't the stack's."""


def documents() -> dict[str, Any]:
    """All policies of a deploy role, in an account with hub and pipelines."""
    return deploy(dataclasses.replace(scope("dev", ACCOUNT), has_pipelines=True))


def actions() -> dict[str, set[str]]:
    """What each statement allows, by its id."""
    return {
        each["Sid"]: set(listed(each["Action"]))
        for document in documents().values()
        for each in document["Statement"]
        if each["Effect"] == "Allow"
    }


def test_iam_takes_the_size() -> None:
    """The functions raise where it doesn't."""
    largest = dataclasses.replace(
        scope("dev", ACCOUNT),
        names=Names(project="unified-pipelines", stack=LONGEST_STACK),
        hub_region="ap-southeast-2",
        regions=("ap-southeast-2",) * REGIONS,
        account_ids=tuple(str(number) * 12 for number in range(10)),
        organization_id="o-" + "a" * 32,
        images=(IMAGE,) * REGIONS,
        existing_network=EXISTING,
        has_pipelines=True,
    )
    assert set(deploy_policies(largest)) == {
        "foundation",
        "hub",
        "hub-functions",
        "network",
        "pipelines",
    }
    private = dataclasses.replace(
        largest,
        existing_network=None,
        is_private=True,
        endpoint_regions=("ap-southeast-1",) * (REGIONS - 1),
        has_transit_gateways=True,
    )
    assert set(deploy_policies(private)) - set(deploy_policies(largest)) == {
        "private-network",
        "transit-gateways",
    }
    networks = dataclasses.replace(private, has_networks=True)
    assert set(deploy_policies(networks)) == {*deploy_policies(private), "pipeline-networks"}
    assert len(boundary_policy(networks)) > len(boundary_policy(largest))
    assert len(boundary_policy(largest)) > len(boundary_policy(scope("dev", ACCOUNT)))


def test_a_condition_on_the_boundary_fits_all_that_gives_a_role_permissions() -> None:
    giving = actions()["NewRoles"]
    assert giving == {"iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"}
    assert giving <= KNOW_THE_BOUNDARY
    assert actions()["AttachOwnPolicies"] <= KNOW_THE_BOUNDARY
    elsewhere = {
        action
        for sid, allowed in actions().items()
        if sid not in ("NewRoles", "AttachOwnPolicies")
        for action in allowed
    }
    assert not giving & elsewhere
    assert "iam:DeleteRolePermissionsBoundary" not in elsewhere


@pytest.mark.parametrize("action", ["CreateRole", "PutRolePolicy", "AttachRolePolicy"])
def test_no_role_gets_permissions_outside_the_boundary(action: str) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/{PREFIX}-x"
    policy: dict[str, str | list[str]] = {
        "iam:PolicyARN": f"arn:aws:iam::{ACCOUNT}:policy/{PREFIX}-x"
    }
    own = {**policy, "iam:PermissionsBoundary": scope("dev", ACCOUNT).boundary_arn}
    other = {**policy, "iam:PermissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/other"}
    assert hub_account(f"iam:{action}", role, own)
    assert not hub_account(f"iam:{action}", role, other)
    assert not hub_account(f"iam:{action}", role, policy)


def test_airflow_is_asked_as_op_in_the_stacks_own_environment_alone() -> None:
    roles = f"arn:aws:airflow:{REGION}:{ACCOUNT}:role"
    assert hub_account("airflow:InvokeRestApi", f"{roles}/{PREFIX}-hub-airflow/Op")
    for other in (f"{PREFIX}-hub-airflow/Admin", "unified-pipelines-prod-hub-airflow/Op"):
        assert not hub_account("airflow:InvokeRestApi", f"{roles}/{other}")
    assert not hub_account("airflow:CreateWebLoginToken", f"{roles}/{PREFIX}-hub-airflow/Op")


def test_what_an_update_of_a_role_calls_is_allowed() -> None:
    # The provider changes a description by a call of its own.
    assert "iam:UpdateRoleDescription" in actions()["Roles"]


@pytest.mark.parametrize("stack", ["dev", "deploy"])
def test_no_stack_may_change_a_deploy_role_or_its_policies(stack: str) -> None:
    """A stack may change what has its prefix, so that no deploy role may be called so."""
    names = Names(project="unified-pipelines", stack=stack)
    prod = Names(project="unified-pipelines", stack="prod")
    for each in (names, prod):
        made = (each.deploy_role, each.preview_role, each.github_role, each.boundary, each.state)
        assert not any(name.startswith(f"{names.prefix}-") for name in made)


@pytest.mark.parametrize(
    ("bucket", "files"),
    [
        ("hub", ("dags/a/b.py", "plugins.zip", "requirements.txt", "startup.sh")),
        ("east1", ("scripts/job.py",)),
        ("west2", ("config/training.json",)),
    ],
)
def test_of_all_objects_only_the_programs_own_files_are_read_or_written(
    bucket: str, files: tuple[str, ...]
) -> None:
    name = f"arn:aws:s3:::{PREFIX}-{bucket}-{ACCOUNT}-us-east-1"
    for action in ("GetObject", "GetObjectVersion", "PutObject", "DeleteObject"):
        for key in files:
            assert hub_account(f"s3:{action}", f"{name}/{key}")
        for key in (
            "raw/x.csv",
            "transformed/run=1/part",
            "models/run=1/model",
            "raw/scripts/x",
            "x/startup.sh",
        ):
            assert not hub_account(f"s3:{action}", f"{name}/{key}"), key
    # A bucket is emptied by its versions before it goes.
    assert hub_account("s3:DeleteObjectVersion", f"{name}/raw/x.csv")


def hub_account(
    action: str,
    resource: str,
    conditions: Mapping[str, str | list[str]] | None = None,
    *,
    region: str = REGION,
) -> bool:
    """Whether the deploy role of the hub's account may do `action`."""
    policies = list(documents().values())
    return decision(policies, action, resource, region=region, conditions=conditions) == "Allow"


def tags(kind: str, values: dict[str, str]) -> dict[str, str | list[str]]:
    """Condition keys: `aws:RequestTag/...` of what is asked, `aws:ResourceTag/...` of what is."""
    return {f"aws:{kind}Tag/{key}": value for key, value in values.items()}


def ec2(resource: str) -> str:
    return f"arn:aws:ec2:{REGION}:{ACCOUNT}:{resource}"


IMAGE = "arn:aws:ecr:ap-southeast-2:783357654285:repository/sagemaker-xgboost"
EXISTING = Network(
    vpc_id="vpc-0123456789abcdef0",
    subnet_ids=("subnet-0123456789abcdef0", "subnet-0123456789abcdef1"),
    security_group_ids=("sg-0123456789abcdef0",),
)
ATTACHMENT = "transit-gateway-attachment/tgw-attach-1"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0b1c"
GROUP = ec2("security-group/sg-1")

CREATING = {
    "AllocateAddress": "elastic-ip/eipalloc-1",
    "AuthorizeSecurityGroupEgress": "security-group-rule/sgr-1",
    "AuthorizeSecurityGroupIngress": "security-group-rule/sgr-1",
    "CreateFlowLogs": "vpc-flow-log/fl-1",
    "CreateInternetGateway": "internet-gateway/igw-1",
    "CreateNatGateway": "natgateway/nat-1",
    "CreateRouteTable": "route-table/rtb-1",
    "CreateSecurityGroup": "security-group/sg-1",
    "CreateSubnet": "subnet/subnet-1",
    "CreateVpc": "vpc/vpc-1",
    "CreateVpcEndpoint": "vpc-endpoint/vpce-1",
}
"""The calls that make the network's parts, and what each makes with its tags."""

ASKED_WITH_TAGS = {
    "AllocateAddress": "aws:ec2/eip:Eip",
    "CreateFlowLogs": "aws:ec2/flowLog:FlowLog",
    "CreateInternetGateway": "aws:ec2/internetGateway:InternetGateway",
    "CreateNatGateway": "aws:ec2/natGateway:NatGateway",
    "CreateRouteTable": "aws:ec2/routeTable:RouteTable",
    "CreateSecurityGroup": "aws:ec2/securityGroup:SecurityGroup",
    "CreateSubnet": "aws:ec2/subnet:Subnet",
    "CreateVpc": "aws:ec2/vpc:Vpc",
}
"""The calls whose part must get the stack's tags, and the program's resources made by them."""

OTHERS_PARTS = {
    "CreateFlowLogs": ("vpc/vpc-1",),
    "CreateNatGateway": ("subnet/subnet-1", "elastic-ip/eipalloc-1"),
    "CreateNetworkInterface": ("subnet/subnet-1", "security-group/sg-1"),
    "CreateRouteTable": ("vpc/vpc-1",),
    "CreateSecurityGroup": ("vpc/vpc-1",),
    "CreateSubnet": ("vpc/vpc-1",),
    "CreateVpcEndpoint": (
        "vpc/vpc-1",
        "subnet/subnet-1",
        "route-table/rtb-1",
        "security-group/sg-1",
    ),
}
"""The parts that a call uses, and on which it is authorized as well."""


class TestNetworkParts:
    """EC2 gives them their names, so their tags say whose they are."""

    @pytest.mark.parametrize("call", CREATING)
    def test_are_made_with_tags_in_the_hubs_region(self, call: str) -> None:
        made = ec2(CREATING[call])
        # A rule is made in a group that is there already, with the stack's tags.
        already = tags("Resource", OWN) if call.startswith("Authorize") else {}
        asked = {**already, **tags("Request", OWN)}
        assert hub_account(f"ec2:{call}", GROUP if already else made, asked)
        named: dict[str, str | list[str]] = {"ec2:CreateAction": call}
        assert hub_account("ec2:CreateTags", made, {**named, **tags("Request", OWN)})
        assert not hub_account("ec2:CreateTags", made, named)
        elsewhere = {**named, **tags("Request", OWN)}
        assert not hub_account("ec2:CreateTags", made, elsewhere, region="eu-west-1")

    @pytest.mark.parametrize("call", ASKED_WITH_TAGS)
    def test_are_not_made_without_the_stacks_tags(self, call: str) -> None:
        for others in OTHERS:
            asked = tags("Request", others)
            assert not hub_account(f"ec2:{call}", ec2(CREATING[call]), asked), others

    @pytest.mark.parametrize(
        ("call", "part"), [(call, part) for call, parts in OTHERS_PARTS.items() for part in parts]
    )
    def test_are_made_in_and_with_own_ones_alone(self, call: str, part: str) -> None:
        asked = tags("Request", OWN)
        assert hub_account(f"ec2:{call}", ec2(part), {**asked, **tags("Resource", OWN)})
        for others in OTHERS:
            found = {**asked, **tags("Resource", others)}
            assert not hub_account(f"ec2:{call}", ec2(part), found), others

    def test_in_an_existing_network_the_environment_uses_what_the_topology_names(self) -> None:
        of = dataclasses.replace(scope("dev", ACCOUNT), existing_network=EXISTING)
        policies = list(deploy(of).values())

        def asked(call: str, part: str) -> str:
            return decision(policies, f"ec2:{call}", ec2(part), region=REGION)

        for call in ("CreateVpcEndpoint", "CreateNetworkInterface"):
            assert asked(call, "subnet/subnet-0123456789abcdef1") == "Allow"
            assert asked(call, "subnet/subnet-1") == "ImplicitDeny"
        assert asked("CreateNatGateway", "subnet/subnet-0123456789abcdef1") == "ImplicitDeny"

    @pytest.mark.parametrize("action", ["DeleteNetworkInterface", "DetachNetworkInterface"])
    def test_interfaces_that_lambda_left_are_removed(self, action: str) -> None:
        interface = ec2("network-interface/eni-1")
        assert hub_account(f"ec2:{action}", interface)
        for others in ({"Name": "payments"}, {"project": "payments"}, {"stack": "prod"}):
            assert not hub_account(f"ec2:{action}", interface, tags("Resource", others))
        assert not hub_account(f"ec2:{action}", interface.replace(REGION, "eu-west-1"))
        assert not hub_account(f"ec2:{action}", ec2("instance/i-1"))

    def test_in_an_existing_network_only_those_in_its_subnets_are(self) -> None:
        of = dataclasses.replace(scope("dev", ACCOUNT), existing_network=EXISTING)
        policies = list(deploy(of).values())
        for subnet, decided in (
            ("subnet-0123456789abcdef1", "Allow"),
            ("subnet-1", "ImplicitDeny"),
        ):
            conditions: dict[str, str | list[str]] = {"ec2:Subnet": ec2(f"subnet/{subnet}")}
            interface = ec2("network-interface/eni-1")
            action = "ec2:DeleteNetworkInterface"
            assert decided == decision(
                policies, action, interface, region=REGION, conditions=conditions
            )

    @pytest.mark.parametrize("made", ASKED_WITH_TAGS.values())
    def test_keep_the_tags_that_the_provider_puts_on_all(self, made: str) -> None:
        resources = stack_as_it_is("dev").of_type(made)
        assert resources
        for resource in resources:
            assert not OWN.keys() & resource.inputs["tags"].keys()

    @pytest.mark.parametrize("direction", ["Egress", "Ingress"])
    def test_a_rule_is_authorized_by_itself_and_revoked_by_its_group(self, direction: str) -> None:
        rule = ec2("security-group-rule/sgr-1")
        assert hub_account(f"ec2:AuthorizeSecurityGroup{direction}", rule)
        # To revoke one, EC2 asks for the group alone.
        assert not hub_account(f"ec2:RevokeSecurityGroup{direction}", rule)

    @pytest.mark.parametrize("part", sorted(set(CREATING.values())))
    def test_only_own_ones_are_tagged_again(self, part: str) -> None:
        asked = tags("Request", {**OWN, "owner": "data"})
        assert hub_account("ec2:CreateTags", ec2(part), {**asked, **tags("Resource", OWN)})
        for others in OTHERS:
            if others or not part.startswith("security-group/"):
                found = {**asked, **tags("Resource", others)}
                assert not hub_account("ec2:CreateTags", ec2(part), found), others

    def test_the_default_group_of_a_new_network_is_taken_over(self) -> None:
        assert hub_account("ec2:CreateTags", GROUP, tags("Request", OWN))
        assert not hub_account("ec2:CreateTags", GROUP)
        assert hub_account("ec2:RevokeSecurityGroupIngress", GROUP, tags("Resource", OWN))

    @pytest.mark.parametrize(
        "action",
        [
            "AttachInternetGateway",
            "AuthorizeSecurityGroupIngress",
            "DeleteVpc",
            "ModifyVpcAttribute",
            "RevokeSecurityGroupEgress",
            "RevokeSecurityGroupIngress",
        ],
    )
    def test_only_own_ones_are_changed(self, action: str) -> None:
        assert hub_account(f"ec2:{action}", GROUP, tags("Resource", OWN))
        for others in OTHERS:
            assert not hub_account(f"ec2:{action}", GROUP, tags("Resource", others)), others


class TestPrivateNetworkParts:
    """In the Regions of the endpoints, too; Route 53 knows names instead of tags."""

    FAR = "us-west-2"

    def allowed(
        self,
        action: str,
        resource: str,
        conditions: Mapping[str, str | list[str]] | None = None,
        region: str = FAR,
    ) -> bool:
        of = dataclasses.replace(
            scope("dev", ACCOUNT),
            is_private=True,
            endpoint_regions=(self.FAR,),
            has_transit_gateways=True,
        )
        resource = resource.replace(REGION, region)
        policies = list(deploy(of).values())
        return decision(policies, action, resource, region=region, conditions=conditions) == "Allow"

    @pytest.mark.parametrize(
        ("call", "part"),
        [
            ("CreateNetworkAcl", "network-acl/acl-1"),
            ("CreateSubnet", "subnet/subnet-1"),
            ("CreateTransitGateway", "transit-gateway/tgw-1"),
            ("CreateTransitGatewayPeeringAttachment", ATTACHMENT),
            ("CreateTransitGatewayRouteTable", "transit-gateway-route-table/tgw-rtb-1"),
            ("CreateTransitGatewayVpcAttachment", ATTACHMENT),
            ("CreateVpc", "vpc/vpc-1"),
            ("CreateVpcEndpoint", "vpc-endpoint/vpce-1"),
            ("CreateVpcPeeringConnection", "vpc-peering-connection/pcx-1"),
        ],
    )
    def test_are_made_with_tags_in_the_regions_of_endpoints(self, call: str, part: str) -> None:
        asked = tags("Request", OWN)
        assert self.allowed(f"ec2:{call}", ec2(part), asked)
        assert not self.allowed(f"ec2:{call}", ec2(part))
        assert not self.allowed(f"ec2:{call}", ec2(part), asked, region="eu-west-1")
        named: dict[str, str | list[str]] = {**asked, "ec2:CreateAction": call}
        assert self.allowed("ec2:CreateTags", ec2(part), named)
        assert not self.allowed("ec2:CreateTags", ec2(part), named, region="eu-west-1")

    @pytest.mark.parametrize(
        ("call", "part"),
        [
            ("AcceptVpcPeeringConnection", "vpc/vpc-1"),
            ("CreateNetworkAcl", "vpc/vpc-1"),
            ("CreateNetworkAclEntry", "network-acl/acl-1"),
            ("AssociateTransitGatewayRouteTable", "transit-gateway-route-table/tgw-rtb-1"),
            ("AssociateTransitGatewayRouteTable", ATTACHMENT),
            ("CreateTransitGatewayPeeringAttachment", "transit-gateway/tgw-1"),
            ("CreateTransitGatewayRoute", "transit-gateway-route-table/tgw-rtb-1"),
            ("CreateTransitGatewayVpcAttachment", "vpc/vpc-1"),
            ("DeleteTransitGateway", "transit-gateway/tgw-1"),
            ("CreateVpcPeeringConnection", "vpc/vpc-1"),
            ("DeleteVpcPeeringConnection", "vpc-peering-connection/pcx-1"),
        ],
    )
    def test_use_own_ones_alone(self, call: str, part: str) -> None:
        asked = tags("Request", OWN)
        assert self.allowed(f"ec2:{call}", ec2(part), {**asked, **tags("Resource", OWN)})
        for others in OTHERS:
            found = {**asked, **tags("Resource", others)}
            assert not self.allowed(f"ec2:{call}", ec2(part), found), others

    def test_a_network_acl_that_goes_leaves_the_default_one_behind(self) -> None:
        """Which has no tags, and is asked for as the ACL that its subnets get."""
        replace, acl = "ec2:ReplaceNetworkAclAssociation", ec2("network-acl/acl-1")
        assert self.allowed(replace, acl)
        assert self.allowed(replace, acl, tags("Resource", OWN))
        assert not self.allowed(replace, acl, region="eu-west-1")
        for others in OTHERS[1:]:
            assert not self.allowed(replace, acl, tags("Resource", others)), others

    def test_no_tagged_attachment_is_accepted(self) -> None:
        """EC2 doesn't ask for the gateway, so that what has any stack's tags is left alone."""
        accept = "ec2:AcceptTransitGatewayPeeringAttachment"
        assert self.allowed(accept, ec2(ATTACHMENT))
        assert not self.allowed(accept, ec2(ATTACHMENT), region="eu-west-1")
        for tagged in (OWN, {"project": "another", "stack": "dev"}):
            assert not self.allowed(accept, ec2(ATTACHMENT), tags("Resource", tagged))

    def test_no_record_of_others_is_changed(self) -> None:
        key = "route53:ChangeResourceRecordSetsNormalizedRecordNames"
        zone, change = "arn:aws:route53:::hostedzone/Z1", "route53:ChangeResourceRecordSets"
        own = f"sts.{self.FAR}.amazonaws.com"
        assert self.allowed(change, zone, {key: [own]})
        assert not self.allowed(change, zone, {key: ["www.example.com"]})
        assert not self.allowed(change, zone, {key: [own, "www.example.com"]})


class TestEndpointsOfTheEnvironment:
    """In the account of a shared network, which has nothing else of the stack."""

    OWNER = "666666666666"

    def allowed(
        self,
        action: str,
        part: str,
        conditions: Mapping[str, str | list[str]] | None = None,
        region: str = REGION,
    ) -> bool:
        names = Names(project="unified-pipelines", stack="dev")
        topology = load_topology(shared_topology(), names=names, root=ROOT)
        policies = deploy(scopes(topology, names)["network"])
        assert set(policies) == {"environment-endpoints"}
        resource = f"arn:aws:ec2:{region}:{self.OWNER}:{part}"
        documents = list(policies.values())
        found = decision(documents, action, resource, region=region, conditions=conditions)
        return found == "Allow"

    @pytest.mark.parametrize(
        "part",
        [
            "vpc/vpc-0123456789abcdef0",
            "subnet/subnet-0123456789abcdef1",
            "security-group/sg-33333333333333333",
        ],
    )
    def test_are_made_in_what_the_topology_names_alone(self, part: str) -> None:
        assert self.allowed("ec2:CreateVpcEndpoint", part)
        assert not self.allowed("ec2:CreateVpcEndpoint", part, region="eu-west-1")
        assert not self.allowed("ec2:CreateVpcEndpoint", part[:-1] + "9")
        assert not self.allowed("ec2:DeleteVpc", part)

    def test_are_told_by_their_tags(self) -> None:
        endpoint = "vpc-endpoint/vpce-1"
        assert self.allowed("ec2:CreateVpcEndpoint", endpoint, tags("Request", OWN))
        assert self.allowed("ec2:DeleteVpcEndpoints", endpoint, tags("Resource", OWN))
        for others in OTHERS:
            assert not self.allowed("ec2:CreateVpcEndpoint", endpoint, tags("Request", others))
            assert not self.allowed("ec2:DeleteVpcEndpoints", endpoint, tags("Resource", others))

    def test_nothing_that_the_provider_calls_is_missing(self) -> None:
        """But for what asks for private DNS, and for another Region."""
        names = Names(project="unified-pipelines", stack="dev")
        topology = load_topology(shared_topology(), names=names, root=ROOT)
        (document,) = deploy(scopes(topology, names)["network"]).values()
        granted = {action for each in document["Statement"] for action in listed(each["Action"])}
        assert set(VPC_ENDPOINT.deploy_actions) - granted == {
            "route53:AssociateVPCWithHostedZone",
            "vpce:AllowMultiRegion",
        }
        assert granted <= set(VPC_ENDPOINT.deploy_actions)


SOON = [
    "kms:DescribeKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListResourceTags",
]
"""What the provider calls of a key in the minutes in which its tags may not count yet."""


def of_key(
    action: str,
    shown: dict[str, str],
    *,
    own: bool,
    region: str = REGION,
    **conditions: str | list[str],
) -> bool:
    """Whether the deploy role may do `action` to a key with these tags.

    Of the stack's own key the policy names the role; any other one leaves all to IAM.
    """
    statements = [account_delegation(ACCOUNT, region)]
    if own:
        statements += [*administration(ROLE, region), grants_for_environment(ROLE)]
    context = iam_evaluator.EvalContext(
        principal_arn=f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy-{PREFIX}/session",
        principal_type="AssumedRole",
        principal_account=ACCOUNT,
        action=action,
        resource_arn=KEY,
        region=region,
        service_context={
            key.replace("__", ":").lower(): value
            for key, value in {**tags("Resource", shown), **conditions}.items()
        },
    )
    policies = [iam_evaluator.parse_policy_document(each) for each in documents().values()]
    identity = iam_evaluator.evaluate(context, policies)
    decided = iam_evaluator.combine_resource_policy(
        identity, context, policy_document(statements), ACCOUNT, required=True
    )
    return bool(decided.decision == "Allow")


CLAIMED = (*OTHERS, OWN, {"owner": "payments"}, {**OWN, "owner": "payments"})
"""Tags of others' keys, the stack's own among them: others may have them, or be given them."""


class TestKeys:
    """A key is the stack's if its own policy names the deploy role: its tags don't count."""

    @pytest.mark.parametrize("shown", [{}, OWN])
    def test_a_new_one_is_made_with_tags(self, shown: dict[str, str]) -> None:
        """Every condition key that AWS may send of a new key when it authorizes its tagging."""
        asked = {**tags("Request", OWN), **tags("Resource", shown)}
        assert hub_account("kms:CreateKey", "*", tags("Request", OWN))
        assert hub_account("kms:TagResource", "*", asked)
        assert hub_account("kms:TagResource", KEY, asked)
        assert not hub_account("kms:CreateKey", "*")

    def test_a_new_one_passes_the_lock_out_check(self) -> None:
        """AWS asks for `kms:PutKeyPolicy` as part of `CreateKey`; the key may have no tag yet."""
        assert of_key("kms:PutKeyPolicy", {}, own=True)

    @pytest.mark.parametrize("action", SOON)
    @pytest.mark.parametrize("shown", [{}, *({key: OWN[key]} for key in OWN), OWN])
    def test_a_new_one_may_be_used_before_its_tags_count(
        self, action: str, shown: dict[str, str]
    ) -> None:
        assert of_key(action, shown, own=True)

    @pytest.mark.parametrize("action", SOON)
    @pytest.mark.parametrize("shown", CLAIMED)
    def test_one_of_others_may_not_be_used(self, action: str, shown: dict[str, str]) -> None:
        assert not of_key(action, shown, own=False)

    def test_none_is_rotated_less_than_once_a_year(self) -> None:
        """The period is a year where the call names none, as the program's calls do."""
        for days in ("90", "365"):
            assert of_key("kms:EnableKeyRotation", OWN, own=True, kms__RotationPeriodInDays=days)
        assert not of_key("kms:EnableKeyRotation", OWN, own=True, kms__RotationPeriodInDays="366")

    @pytest.mark.parametrize("region", [REGION, "cn-north-1", "us-gov-west-1", "eusc-de-east-1"])
    @pytest.mark.parametrize("service", ["lambda", "s3", "secretsmanager"])
    def test_own_ones_are_used_through_services_of_every_partition(
        self, service: str, region: str
    ) -> None:
        role = ROLE.replace(":aws:", f":{'aws' if region == REGION else 'aws-x'}:")
        (_, _, used) = administration(role, region)
        assert used["Principal"] == {"AWS": role}
        hosts = used["Condition"]["StringEquals"]["kms:ViaService"]
        assert f"{service}.{region}.{dns_suffix_of(region)}" in hosts
        assert len(hosts) == 3
        assert used["Action"] == [
            "kms:CreateGrant",
            "kms:Decrypt",
            "kms:Encrypt",
            "kms:GenerateDataKey",
        ]

    def test_own_ones_are_tagged_again(self) -> None:
        found = {**tags("Resource", OWN), "kms:ResourceAliases": [f"alias/{PREFIX}-hub-key"]}
        asked = tags("Request", {**OWN, "owner": "data"})
        assert hub_account("kms:TagResource", KEY, {**asked, **found})

    @pytest.mark.parametrize("others", [each for each in OTHERS if "another" in each.values()])
    def test_one_of_another_project_is_left_alone(self, others: dict[str, str]) -> None:
        found = {**tags("Request", OWN), **tags("Resource", others)}
        assert not hub_account("kms:TagResource", KEY, found)

    def test_one_of_another_stack_is_left_alone(self) -> None:
        others = {"project": "unified-pipelines", "stack": "prod"}
        found = {**tags("Request", OWN), **tags("Resource", others)}
        assert not hub_account("kms:TagResource", KEY, found)

    def test_one_with_an_alias_of_another_owner_is_left_alone(self) -> None:
        found = {**tags("Request", OWN), "kms:ResourceAliases": ["alias/payments"]}
        assert not hub_account("kms:TagResource", KEY, found)

    @pytest.mark.parametrize(
        "action",
        [
            "kms:CreateAlias",
            "kms:CreateGrant",
            "kms:Decrypt",
            "kms:PutKeyPolicy",
            "kms:ScheduleKeyDeletion",
        ],
    )
    @pytest.mark.parametrize("shown", CLAIMED)
    def test_only_own_ones_are_changed(self, action: str, shown: dict[str, str]) -> None:
        """A key that was claimed, by tags or by a name, stays with those that it belongs to."""
        assert of_key(action, shown, own=True)
        alias = [f"alias/{PREFIX}-hub-key"]
        assert not of_key(action, shown, own=False, kms__ResourceAliases=alias)


def test_no_log_group_loses_its_key_or_its_retention() -> None:
    """The program always sets both, so that no update takes one away."""
    group = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws-glue/{PREFIX}-east1-glue"
    for action in ("AssociateKmsKey", "PutRetentionPolicy"):
        assert hub_account(f"logs:{action}", group)
    for action in ("DisassociateKmsKey", "DeleteRetentionPolicy"):
        assert not hub_account(f"logs:{action}", group)
