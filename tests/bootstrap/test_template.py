"""The CloudFormation template: what CloudFormation reads, and the same policies as elsewhere."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from bootstrap.accounts import ROOT, scopes
from bootstrap.cloudformation.template import template
from bootstrap.command import main, read_stack
from bootstrap.options import Options
from bootstrap.policies.documents import boundary_policy, deploy_policies, operator_policies
from components.aws.naming import Names
from components.topology.loading import load_topology
from components.topology.model import Access, Topology
from tests.topologies import shared_topology, transit_topology


def prod() -> dict[str, Any]:
    names, topology, _ = read_stack("prod")
    return template(topology, names, Options())


def dev(topology: dict[str, Any]) -> tuple[Names, Topology]:
    """The stack `dev` with another topology."""
    names = Names(project="unified-pipelines", stack="dev")
    return names, load_topology(topology, names=names, root=ROOT)


OTHERS = {"private": transit_topology, "shared": shared_topology}


def filled(document: Any, account_id: str) -> Any:
    """A policy as CloudFormation deploys it in that account."""
    text = json.dumps(document).replace("${AWS::AccountId}", account_id)
    found = json.loads(text, object_hook=lambda found: found.get("Fn::Sub", found))
    # The account's id is in the order of the resources, too.
    for each in found["Statement"]:
        if isinstance(each.get("Resource"), list):
            each["Resource"].sort()
    return found


@pytest.mark.parametrize("stack", ["prod", "private", "shared"])
def test_each_account_gets_the_policies_of_the_program(stack: str) -> None:
    names, topology = read_stack("prod")[:2] if stack == "prod" else dev(OTHERS[stack]())
    made = template(topology, names, Options())
    resources, accounts = made["Resources"], made["Mappings"]["Accounts"]
    assert all(name.isalnum() for name in resources)
    found = scopes(topology, names)
    for scope in found.values():
        facts = accounts[scope.account_id]
        expected = {
            f"{role}{part.title().replace('-', '')}": text
            for role, policies in (
                ("DeployRole", deploy_policies(scope)),
                ("OperatorRole", operator_policies(scope)),
            )
            for part, text in policies.items()
        }
        deployed = {
            name
            for name in resources
            if name.startswith(("DeployRole", "OperatorRole"))
            if name not in ("DeployRole", "OperatorRole")
            if facts.get(resources[name].get("Condition"), "true") == "true"
        }
        assert deployed == expected.keys()
        for name, text in expected.items():
            document = resources[name]["Properties"]["PolicyDocument"]
            assert filled(document, scope.account_id) == filled(json.loads(text), ""), name


def test_the_boundary_has_the_statements_of_the_program() -> None:
    names, topology, _ = read_stack("prod")
    scope = scopes(topology, names)["analytics"]
    document = prod()["Resources"]["Boundary"]["Properties"]["PolicyDocument"]
    deployed = {each["Sid"]: each for each in filled(document, scope.account_id)["Statement"]}
    # One template is for all accounts: it names the keys and images of them all.
    for each in filled(json.loads(boundary_policy(scope)), "")["Statement"]:
        if each["Sid"] not in ("Images", "KeysOfReplicas"):
            assert deployed.pop(each["Sid"]) == each
    assert set(deployed) == {"Images", "KeysOfReplicas"}


def test_an_account_with_an_access_has_its_boundary() -> None:
    names, topology, _ = read_stack("prod")
    file = "examples/runs_table/policy.json"
    access = Access(account="research", region="us-east-1", policy=file)
    whole = template(topology.model_copy(update={"access": {"reports": access}}), names, Options())
    made = whole["Resources"]["BoundaryOfAccessReports"]
    assert made["Properties"] == {
        "ManagedPolicyName": "boundary-unified-pipelines-prod-reports",
        "PolicyDocument": json.loads((ROOT / file).read_text(encoding="utf-8")),
    }
    facts = {id_: facts[made["Condition"]] for id_, facts in whole["Mappings"]["Accounts"].items()}
    research = topology.accounts["research"].id
    assert facts == {id_: str(id_ == research).lower() for id_ in facts}
    assert "policy/boundary-unified-pipelines-prod-reports" in json.dumps(
        whole["Resources"]["DeployRoleFoundation"]
    )


def test_names_of_an_organizations_own_are_refused() -> None:
    names, topology, _ = read_stack("prod")
    own: Topology = topology.model_copy(update={"permissions_boundary": "limits"})
    with pytest.raises(ValueError, match="remove deploy_role_arn and permissions_boundary"):
        template(own, names, Options())


def test_a_state_in_another_region_is_refused() -> None:
    names, topology, _ = read_stack("prod")
    with pytest.raises(ValueError, match=r"state_region: found us-west-2; expected us-east-1"):
        template(topology, names, Options(state_region="us-west-2"))


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    main(["template", "prod"])
    assert yaml.safe_load(capsys.readouterr().out) == prod()
    with pytest.raises(SystemExit, match=r"bootstrap: .*Pulumi\.nothing\.yaml"):
        main(["template", "nothing"])


def test_the_states_bucket_lets_its_own_account_in_from_any_organization() -> None:
    names, topology, _ = read_stack("prod")
    of_organization = topology.model_copy(update={"organization_id": "o-exampleorgid"})
    resources = template(of_organization, names, Options())["Resources"]
    policy = resources["StateBucketPolicy"]["Properties"]["PolicyDocument"]
    (denial,) = [each for each in policy["Statement"] if each["Sid"] == "DenyOutsideOrganization"]
    assert denial["Condition"]["StringNotEquals"] == {
        "aws:PrincipalOrgID": "o-exampleorgid",
        "aws:PrincipalAccount": {"Fn::Sub": "${AWS::AccountId}"},
    }


@pytest.mark.verification
def test_cfn_lint_finds_nothing() -> None:
    from cfnlint.api import lint_all

    found = lint_all(json.dumps(prod()))
    # Beside errors and warnings there is advice, such as to leave out the name of the partition.
    assert [each for each in found if each.rule.id[0] != "I"] == []
