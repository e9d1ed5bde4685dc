"""The bootstrap of a stack: what is made in which account, and from what."""

from __future__ import annotations

import functools
import json
from typing import Any

import pulumi
import pytest

from bootstrap.command import main, read_options, read_stack
from bootstrap.options import Github, Options
from bootstrap.program import bootstrap
from components.aws.naming import Names
from components.topology.loading import load_topology
from tests.mocks import ROOT, Recorded, evaluate
from tests.permission_reasons import listed
from tests.topologies import stack_topology

NAMES = Names(project="unified-pipelines", stack="prod")
HUB, ANALYTICS, RESEARCH = "333333333333", "444444444444", "555555555555"


def made(
    changes: dict[str, Any] | None = None,
    options: Options | None = None,
    *,
    makes_boundary: bool = True,
) -> Recorded:
    topology = load_topology({**stack_topology("prod"), **(changes or {})}, names=NAMES, root=ROOT)
    return evaluate(
        lambda: bootstrap(topology, NAMES, options or Options(), makes_boundary=makes_boundary)
    )


@functools.cache
def prod() -> Recorded:
    return made()


def by_account(recorded: Recorded, type_: str, key: str = "name") -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for entry in recorded.of_type(type_):
        assert entry.account_region is not None
        found.setdefault(entry.account_region.account_id, set()).add(entry.inputs[key])
    return found


def test_each_account_gets_a_role_with_the_policies_that_it_needs_and_a_boundary() -> None:
    role, operator = "deploy-unified-pipelines-prod", "operate-unified-pipelines-prod"
    of_all = {"boundary-unified-pipelines-prod", f"{role}-foundation", f"{operator}-inventory"}
    results = {f"{operator}-{part}" for part in ("pipelines", "results", "models", "replication")}
    assert by_account(prod(), "iam/role:Role") == {
        account: {role, operator} for account in (HUB, ANALYTICS, RESEARCH)
    }
    assert by_account(prod(), "iam/policy:Policy") == {
        HUB: {
            *(*of_all, f"{role}-hub", f"{role}-hub-functions", f"{role}-network"),
            *(f"{operator}-hub", f"{operator}-backup"),
        },
        ANALYTICS: {*of_all, f"{role}-pipelines", *results},
        RESEARCH: {*of_all, f"{role}-pipelines", *results},
    }
    attached = by_account(prod(), "RolePolicyAttachment", "policyArn")
    assert {account: len(arns) for account, arns in attached.items()} == {
        HUB: 7,
        ANALYTICS: 7,
        RESEARCH: 7,
    }
    assert not any("boundary" in arn for arns in attached.values() for arn in arns)


ACCESS = {
    "accounts": {**stack_topology("prod")["accounts"], "team": {"id": "666666666666"}},
    "access": {
        "reports": {
            "account": "team",
            "region": "us-east-1",
            "policy": "examples/runs_table/policy.json",
        }
    },
}
"""Changes of the topology: an access in an account that has nothing else."""


def test_an_accesss_boundary_is_its_policy_and_the_deploy_role_may_put_it_on_a_role() -> None:
    recorded, team = made(ACCESS), "666666666666"
    boundary = "boundary-unified-pipelines-prod"
    deploy, operate = "deploy-unified-pipelines-prod", "operate-unified-pipelines-prod"
    assert by_account(recorded, "iam/policy:Policy")[team] == {
        boundary,
        f"{boundary}-reports",
        f"{deploy}-foundation",
        f"{operate}-inventory",
    }
    made_of = recorded.one("iam/policy:Policy", f"{team}-boundary-reports-policy").document(
        "policy"
    )
    written = (ROOT / ACCESS["access"]["reports"]["policy"]).read_text(encoding="utf-8")
    assert made_of == json.loads(written)
    for id_, access in ((team, [f"{boundary}-reports"]), (ANALYTICS, [])):
        foundation = recorded.one("iam/policy:Policy", f"{id_}-deploy-foundation-policy")
        (account, new_roles) = next(
            (foundation.account_region, each["Condition"]["StringEquals"])
            for each in foundation.document("policy")["Statement"]
            if each["Sid"] == "NewRoles"
        )
        assert account is not None
        allowed = [account.global_arn("iam", f"policy/{name}") for name in (boundary, *access)]
        assert listed(new_roles["iam:PermissionsBoundary"]) == allowed


def test_an_organizations_boundary_holds_for_an_access_too() -> None:
    recorded = made({**ACCESS, "permissions_boundary": "team/limits"}, makes_boundary=False)
    names = by_account(recorded, "iam/policy:Policy")["666666666666"]
    assert not any(name.startswith("boundary-") for name in names)


def test_the_state_is_kept_out_of_the_deploy_roles_reach() -> None:
    bucket = prod().one("s3/bucket:Bucket")
    assert bucket.account_region is not None
    assert bucket.account_region.account_id == HUB
    assert bucket.inputs["bucket"] == f"state-unified-pipelines-prod-{HUB}-us-east-1"
    assert bucket.protect
    key = prod().one("kms/key:Key")
    assert [each["Sid"] for each in key.document("policy")["Statement"]] == ["AccountDelegation"]
    assert prod().one("kms/alias:Alias").inputs["name"] == "alias/state-unified-pipelines-prod"


def test_the_state_may_be_in_another_region_than_the_hub() -> None:
    github = Github(repository="team/pipelines", branch="main")
    recorded = made(options=Options(state_region="us-west-2", github=github))
    for part in ("s3/bucket:Bucket", "kms/key:Key"):
        where = recorded.one(part).account_region
        assert where is not None
        assert (where.account_id, where.region) == (HUB, "us-west-2")
    bucket = f"state-unified-pipelines-prod-{HUB}-us-west-2"
    assert recorded.one("s3/bucket:Bucket").inputs["bucket"] == bucket
    documents = [each.inputs["policy"] for each in recorded.of_type("iam/policy:Policy")]
    with_state = [each for each in documents if "WriteState" in each]
    assert len(with_state) == 1
    assert f"{bucket}/*" in with_state[0]


def test_a_region_that_does_not_exist_has_no_state() -> None:
    with pytest.raises(ValueError, match=r"state_region.*found 'us-west'"):
        read_options({"state_region": "us-west"})


def trusts(recorded: Recorded, name: str) -> dict[str, dict[str, Any]]:
    """The one statement of each account's trust in a role of that name."""
    return {
        role.account_region.account_id: role.document("assumeRolePolicy")["Statement"][0]
        for role in recorded.of_type("iam/role:Role")
        if role.account_region is not None and role.inputs["name"].startswith(name)
    }


def test_the_roles_are_assumed_from_the_hubs_account_or_by_whom_the_options_name() -> None:
    def trusted(recorded: Recorded) -> list[Any]:
        return [each["Principal"]["AWS"] for each in trusts(recorded, "deploy-").values()]

    assert trusted(prod()) == [f"arn:aws:iam::{HUB}:root"] * 3
    deployer = f"arn:aws:iam::{HUB}:role/platform"
    assert trusted(made(options=read_options({"deployers": [deployer]}))) == [deployer] * 3


def test_operators_enter_by_the_hubs_account_alone() -> None:
    operator = f"arn:aws:iam::{HUB}:user/jo"
    recorded = made(options=read_options({"operators": [operator]}))
    found = trusts(recorded, "operate-")
    hub_role = f"arn:aws:iam::{HUB}:role/operate-unified-pipelines-prod"
    assert found[HUB]["Principal"]["AWS"] == operator
    assert trusts(prod(), "operate-")[HUB]["Principal"]["AWS"] == f"arn:aws:iam::{HUB}:root"
    for account in (ANALYTICS, RESEARCH):
        assert found[account]["Principal"]["AWS"] == f"arn:aws:iam::{HUB}:root"
        assert found[account]["Condition"] == {"ArnEquals": {"aws:PrincipalArn": hub_role}}


def test_an_organizations_accounts_trust_it_alone() -> None:
    recorded = made({"organization_id": "o-exampleorgid"})
    for name in ("deploy-", "operate-"):
        for trust in trusts(recorded, name).values():
            assert trust["Condition"]["StringEquals"] == {"aws:PrincipalOrgID": "o-exampleorgid"}
    bucket = recorded.one("s3/bucketPolicy:BucketPolicy").document("policy")["Statement"]
    (denial,) = [each for each in bucket if each["Sid"] == "DenyOutsideOrganization"]
    assert denial["Condition"]["StringNotEquals"]["aws:PrincipalAccount"] == HUB
    (boundary,) = [
        each.document("policy")["Statement"]
        for each in recorded.of_type("iam/policy:Policy")
        if each.inputs["name"].startswith("boundary-") and each.account_region is not None
        if each.account_region.account_id == HUB
    ]
    assert {
        each["Sid"]
        for each in boundary
        if each.get("Condition", {}).get("StringEquals") == {"aws:ResourceOrgID": "o-exampleorgid"}
    } == {"Buckets", "KeysOfReplicas", "RolesOfPipelines"}


def test_an_administrator_enters_by_a_role_where_the_options_name_one() -> None:
    recorded = made(options=read_options({"administrator_role": "OrganizationAccess"}))
    assumed = [each.inputs["assumeRoles"] for each in recorded.of_type("pulumi:providers:aws")]
    assert assumed == [
        f'[{{"roleArn": "arn:aws:iam::{account}:role/OrganizationAccess"}}]'
        for account in (HUB, ANALYTICS, RESEARCH)
    ]


def test_what_the_topology_names_itself_is_made_under_that_name_or_left_alone() -> None:
    accounts = stack_topology("prod")["accounts"]
    accounts["central"]["deploy_role_arn"] = f"arn:aws:iam::{HUB}:role/team/deployer"
    changes = {"accounts": accounts, "permissions_boundary": "team/limits"}
    recorded = made(changes, makes_boundary=False)
    (role,) = [
        each
        for each in recorded.of_type("iam/role:Role")
        if each.account_region is not None and each.account_region.account_id == HUB
        if not each.inputs["name"].startswith("operate-")
    ]
    assert (role.inputs["path"], role.inputs["name"]) == ("/team/", "deployer")
    policies = recorded.of_type("iam/policy:Policy")
    assert not any("boundary" in each.inputs["name"] for each in policies)
    (foundation,) = [each for each in policies if each.inputs["name"] == "deployer-foundation"]
    (new_roles,) = [
        each for each in foundation.document("policy")["Statement"] if each["Sid"] == "NewRoles"
    ]
    assert new_roles["Condition"]["StringEquals"] == {
        "iam:PermissionsBoundary": f"arn:aws:iam::{HUB}:policy/team/limits"
    }


def test_pulumi_runs_it_for_the_stack_of_that_name() -> None:
    with pytest.raises(pulumi.RunError, match=r"Pulumi\.nothing\.yaml"):
        evaluate(lambda: main([]), stack="nothing")
    assert len(evaluate(lambda: main([]), stack="dev").of_type("iam/role:Role")) == 4
    names, topology, options = read_stack("organization/unified-pipelines-bootstrap/prod")
    assert (names.prefix, len(topology.accounts)) == ("unified-pipelines-prod", 3)
    assert options == Options()


def test_a_wrong_option_is_named() -> None:
    with pytest.raises(ValueError, match=r"unified-pipelines:bootstrap: deployers\.0: String"):
        read_options({"deployers": ["platform"]})
    with pytest.raises(ValueError, match="deployer: Extra inputs"):
        read_options({"deployer": []})
