"""The templates for the deploy roles, as `docs/deploy-roles.md` says they are used."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from components.aws.naming import Names
from components.aws.partitions import dns_suffix_of
from tests.contracts.filled_policy_templates import GUIDE, decision, deploy_role_name, filled
from tests.mocks import stack_as_it_is
from tests.topologies import stack_topology

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "policies").glob("*.json"))

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

MANAGED_POLICY_LIMIT = 6144
LONGEST_STACK = "s" * 12
"""About as long as the name of a stack is before it is cut."""
REGIONS = 17
"""As many as every account has."""

ACCOUNT = "111111111111"
REGION = "us-east-1"
PREFIX = "unified-pipelines-dev"
OWN = {"project": "unified-pipelines", "stack": "dev"}
OTHERS: tuple[dict[str, str], ...] = (
    {},
    {"stack": "dev"},
    {"project": "unified-pipelines"},
    {"project": "unified-pipelines", "stack": "prod"},
    {"project": "another", "stack": "dev"},
)
"""Tags of resources that aren't the stack's."""


def actions(template: str) -> dict[str, set[str]]:
    """What each statement of a template allows, by its id."""
    document = json.loads((ROOT / "policies" / f"{template}.json").read_text(encoding="utf-8"))
    return {
        each["Sid"]: _listed(each["Action"])
        for each in document["Statement"]
        if each["Effect"] == "Allow"
    }


def _listed(value: Any) -> set[str]:
    return {value} if isinstance(value, str) else set(value)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_iam_takes_the_size(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for placeholder, value in (
        ("PREFIX", f"unified-pipelines-{LONGEST_STACK}"),
        ("ACCOUNT_ID", "1" * 12),
        ('"REGIONS"', ",".join(['"ap-southeast-2"'] * REGIONS)),
        ("REGION", "ap-southeast-2"),
    ):
        text = text.replace(placeholder, value)
    assert len("".join(text.split())) <= MANAGED_POLICY_LIMIT


def test_a_condition_on_the_boundary_fits_all_that_gives_a_role_permissions() -> None:
    giving = actions("deploy-foundation")["NewRoles"]
    assert giving == {"iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"}
    assert giving <= KNOW_THE_BOUNDARY
    elsewhere = {
        action
        for path in TEMPLATES
        for sid, allowed in actions(path.stem).items()
        if sid not in ("NewRoles", "AttachOwnPolicies")
        for action in allowed
    }
    assert not giving & elsewhere
    assert "iam:DeleteRolePermissionsBoundary" not in elsewhere


def test_what_an_update_of_a_role_calls_is_allowed() -> None:
    # The provider changes a description by a call of its own.
    assert "iam:UpdateRoleDescription" in actions("deploy-foundation")["Roles"]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
@pytest.mark.parametrize("stack", ["dev", "a-rather-long-name"])
def test_the_guide_fills_every_placeholder(path: Path, stack: str) -> None:
    text = json.dumps(policy(path.stem, stack))
    # In capitals with an underscore, or alone between quotation marks, as no value of AWS's is.
    assert not re.findall(r"PREFIX|[A-Z]+_[A-Z]+|\"STACK\"|\"REGIONS?\"", text)
    if path.stem != "deploy-trust":
        assert Names(project="unified-pipelines", stack=stack).prefix in text


@pytest.mark.parametrize("stack", ["dev", "deploy"])
def test_no_stack_may_change_a_deploy_role_or_its_policies(stack: str) -> None:
    """A stack may change what has its prefix, so that no deploy role may be called so."""
    assert '--policy-name "$ROLE-$policy"' in GUIDE.read_text(encoding="utf-8")
    prefix = Names(project="unified-pipelines", stack=stack).prefix
    for role in (deploy_role_name(stack), deploy_role_name("prod")):
        assert not f"{role}-foundation".startswith(f"{prefix}-")


def test_the_stacks_name_deploy_roles_as_the_guide_does() -> None:
    named = {
        (stack, account["id"]): account["deploy_role_arn"]
        for stack in ("local", "dev", "prod")
        for account in stack_topology(stack)["accounts"].values()
        if "deploy_role_arn" in account
    }
    assert {stack for stack, _ in named} == {"prod"}
    for (stack, account_id), arn in named.items():
        assert arn == f"arn:aws:iam::{account_id}:role/{deploy_role_name(stack)}"


def policy(template: str, stack: str = "dev") -> Any:
    return filled(template, stack=stack, account_id=ACCOUNT, region=REGION, regions=REGION)


def hub_account(
    action: str,
    resource: str,
    conditions: Mapping[str, str | list[str]] | None = None,
    *,
    region: str = REGION,
) -> bool:
    """Whether the deploy role of the hub's account may do `action`."""
    policies = [
        policy(template) for template in ("deploy-foundation", "deploy-hub", "deploy-pipelines")
    ]
    return decision(policies, action, resource, region=region, conditions=conditions) == "Allow"


def tags(kind: str, values: dict[str, str]) -> dict[str, str | list[str]]:
    """Condition keys: `aws:RequestTag/...` of what is asked, `aws:ResourceTag/...` of what is."""
    return {f"aws:{kind}Tag/{key}": value for key, value in values.items()}


def ec2(resource: str) -> str:
    return f"arn:aws:ec2:{REGION}:{ACCOUNT}:{resource}"


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
    "CreateInternetGateway": "aws:ec2/internetGateway:InternetGateway",
    "CreateVpc": "aws:ec2/vpc:Vpc",
}
"""The calls that make one thing and touch no other, and the program's resources made by them."""


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


SOON = [
    "kms:DescribeKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListResourceTags",
]
"""What the provider calls of a key in the minutes in which its tags may not count yet."""


class TestKeys:
    """A key is the stack's if it has the stack's tags, and no other key gets them."""

    @pytest.mark.parametrize("shown", [{}, OWN])
    def test_a_new_one_is_made_with_tags(self, shown: dict[str, str]) -> None:
        """Every condition key that AWS may send of a new key when it authorizes its tagging."""
        asked = {**tags("Request", OWN), **tags("Resource", shown)}
        assert hub_account("kms:CreateKey", "*", tags("Request", OWN))
        assert hub_account("kms:TagResource", "*", asked)
        assert hub_account("kms:TagResource", KEY, asked)
        assert not hub_account("kms:CreateKey", "*")

    @pytest.mark.parametrize("resource", ["*", KEY])
    def test_a_new_one_passes_the_lock_out_check(self, resource: str) -> None:
        """AWS asks for `kms:PutKeyPolicy` as part of `CreateKey`; the key may have no tag yet."""
        assert hub_account("kms:PutKeyPolicy", resource, tags("Request", OWN))
        for others in OTHERS:
            assert not hub_account("kms:PutKeyPolicy", resource, tags("Request", others)), others

    @pytest.mark.parametrize("action", SOON)
    @pytest.mark.parametrize("shown", [{}, *({key: OWN[key]} for key in OWN), OWN])
    def test_a_new_one_may_be_used_before_its_tags_count(
        self, action: str, shown: dict[str, str]
    ) -> None:
        assert hub_account(action, KEY, tags("Resource", shown))

    @pytest.mark.parametrize("action", SOON)
    def test_one_with_the_tags_of_others_may_not_be_used(self, action: str) -> None:
        for others in ({"project": "another"}, {"stack": "prod"}, {**OWN, "stack": "prod"}):
            assert not hub_account(action, KEY, tags("Resource", others)), others

    def test_none_is_rotated_less_than_once_a_year(self) -> None:
        """The period is a year where the call names none, as the program's calls do."""
        for days in ("90", "365"):
            assert hub_account("kms:EnableKeyRotation", KEY, {"kms:RotationPeriodInDays": days})
        assert not hub_account("kms:EnableKeyRotation", KEY, {"kms:RotationPeriodInDays": "366"})

    @pytest.mark.parametrize("region", [REGION, "cn-north-1", "us-gov-west-1", "eusc-de-east-1"])
    @pytest.mark.parametrize("service", ["lambda", "s3", "secretsmanager"])
    def test_own_ones_are_used_through_services_of_every_partition(
        self, service: str, region: str
    ) -> None:
        def used(via: str, of: dict[str, str]) -> str:
            conditions = {"kms:ViaService": via, **tags("Resource", of)}
            foundation = [policy("deploy-foundation")]
            return decision(foundation, "kms:Decrypt", KEY, region=region, conditions=conditions)

        via = f"{service}.{region}.{dns_suffix_of(region)}"
        assert used(via, OWN) == "Allow"
        assert used(via, {}) == "ImplicitDeny"
        assert used(f"rds.{region}.{dns_suffix_of(region)}", OWN) == "ImplicitDeny"

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
        "action", ["kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:CreateGrant"]
    )
    def test_only_own_ones_are_changed(self, action: str) -> None:
        assert hub_account(action, KEY, tags("Resource", OWN))
        for others in OTHERS:
            assert not hub_account(action, KEY, tags("Resource", others)), others


def test_no_log_group_loses_its_key_or_its_retention() -> None:
    """The program always sets both, so that no update takes one away."""
    group = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws-glue/{PREFIX}-east1-glue"
    for action in ("AssociateKmsKey", "PutRetentionPolicy"):
        assert hub_account(f"logs:{action}", group)
    for action in ("DisassociateKmsKey", "DeleteRetentionPolicy"):
        assert not hub_account(f"logs:{action}", group)
