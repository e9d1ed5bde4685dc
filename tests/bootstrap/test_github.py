"""How GitHub's workflows preview and deploy: by the exact subject of their token, or not at all."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bootstrap.accounts import scopes
from bootstrap.cloudformation.template import template
from bootstrap.command import read_options, read_stack
from bootstrap.options import Options
from bootstrap.policies.documents import preview_policies
from bootstrap.program import bootstrap
from components.topology.model import Topology
from local.deployment.services import PROVIDER_FUNCTIONS
from tests.mocks import Recorded, evaluate
from tests.permission_reasons import listed
from tests.topologies import stack_topology

HUB, ANALYTICS = "333333333333", "444444444444"
ISSUER = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::{HUB}:oidc-provider/{ISSUER}"
PREVIEW = f"arn:aws:iam::{HUB}:role/preview-unified-pipelines-prod"
ENTRY = f"arn:aws:iam::{HUB}:role/github-deploy-unified-pipelines-prod"


def options(**github: Any) -> Options:
    return read_options({"github": {"repository": "example/pipelines", **github}})


def made(given: Options) -> Recorded:
    names, topology, _ = read_stack("prod")
    return evaluate(lambda: bootstrap(topology, names, given, makes_boundary=True))


def trust(recorded: Recorded, name: str, account: str) -> dict[str, dict[str, Any]]:
    """The statements of a role's trust by their id."""
    (role,) = [
        each
        for each in recorded.of_type("iam/role:Role")
        if each.inputs["name"].startswith(name) and each.account_region is not None
        if each.account_region.account_id == account
    ]
    return {each["Sid"]: each for each in role.document("assumeRolePolicy")["Statement"]}


def claims(statement: dict[str, Any]) -> dict[str, str]:
    """The claims of the token that a statement asks for, each of which has to be equal."""
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert statement["Principal"] == {"Federated": PROVIDER}
    (operator,) = statement["Condition"]
    assert operator == "StringEquals"
    return {key.partition(":")[2]: value for key, value in statement["Condition"][operator].items()}


@pytest.mark.parametrize(
    ("entry", "subject"),
    [
        ({"branch": "main"}, "ref:refs/heads/main"),
        ({"environment": "production"}, "environment:production"),
    ],
)
def test_roles_are_assumed_by_jobs_of_pull_requests_and_of_the_branch_or_environment(
    entry: dict[str, str], subject: str
) -> None:
    recorded = made(options(**entry))
    for name, sid, expected in (
        ("preview-", "PullRequests", "pull_request"),
        ("github-deploy-", "Deployments", subject),
    ):
        assert claims(trust(recorded, name, HUB)[sid]) == {
            "aud": "sts.amazonaws.com",
            "sub": f"repo:example/pipelines:{expected}",
        }
    assert recorded.one("OpenIdConnectProvider").inputs["clientIdLists"] == ["sts.amazonaws.com"]


def test_other_accounts_preview_roles_trust_the_hubs_alone() -> None:
    recorded = made(options())
    (statement,) = trust(recorded, "preview-", ANALYTICS).values()
    assert statement["Principal"] == {"AWS": f"arn:aws:iam::{HUB}:root"}
    assert statement["Condition"] == {"ArnEquals": {"aws:PrincipalArn": PREVIEW}}
    policies = [each.inputs["name"] for each in recorded.of_type("iam/policy:Policy")]
    assert [each for each in policies if each.startswith("preview-")] == [
        "preview-unified-pipelines-prod-hub"
    ]


def test_deploy_roles_trust_the_entry_beside_the_deployers() -> None:
    deployers = [f"arn:aws:iam::{HUB}:role/platform"]
    given = options(branch="main").model_copy(update={"deployers": tuple(deployers)})
    for account in (HUB, ANALYTICS):
        found = trust(made(given), "deploy-", account)
        assert found["Deployers"]["Principal"] == {"AWS": deployers[0]}
        assert found["Github"]["Condition"] == {"ArnEquals": {"aws:PrincipalArn": ENTRY}}
    assert "Github" not in trust(made(options()), "deploy-", HUB)


def test_without_branch_or_environment_no_job_deploys_and_an_existing_provider_stays() -> None:
    recorded = made(options(existing_provider=True))
    roles = [each.inputs["name"] for each in recorded.of_type("iam/role:Role")]
    assert not any(each.startswith("github-") for each in roles)
    assert recorded.of_type("OpenIdConnectProvider") == []
    assert not any(
        each.inputs["name"].startswith(("preview-", "github-"))
        for each in made(Options()).of_type("iam/role:Role")
    )


def _looked_up(service: str) -> set[str]:
    """What the program asks of a service by the provider's functions."""
    return {
        action
        for call in PROVIDER_FUNCTIONS.values()
        for action in call.deploy_actions
        if action.startswith(f"{service}:")
    }


def test_a_preview_looks_up_the_networks_of_pipelines() -> None:
    names, _, _ = read_stack("prod")
    topology = stack_topology("prod")
    (name, pipeline), *_ = topology["ml_pipelines"].items()
    topology["ml_pipelines"][name] = {**pipeline, "network": {}}
    scope = scopes(Topology.model_validate(topology), names)[pipeline["account"]]
    assert not scope.has_hub
    (text,) = preview_policies(scope).values()
    assert set(json.loads(text)["Statement"][0]["Action"]) == _looked_up("ec2")


def test_a_preview_reads_the_state_and_what_the_program_looks_up() -> None:
    names, topology, _ = read_stack("prod")
    (text,) = preview_policies(scopes(topology, names)[topology.hub.account]).values()
    allowed = {each["Sid"]: each for each in json.loads(text)["Statement"]}
    assert set(listed(allowed.pop("LookUpNetwork")["Action"])) == _looked_up("ec2")
    counted = allowed.pop("CountRotations")
    assert {counted["Action"]} == _looked_up("secretsmanager")
    assert counted["Resource"].endswith(":secret:unified-pipelines-prod-hub-airflow/connections/*")
    assert {each["Action"] for each in allowed.values()} == {
        "kms:Decrypt",
        "s3:GetObject",
        "s3:ListBucket",
        "sts:AssumeRole",
    }
    assert set(allowed["PreviewRoles"]["Resource"]) == {
        f"arn:aws:iam::{each}:role/preview-unified-pipelines-prod"
        for each in scopes(topology, names)[topology.hub.account].account_ids
    }


@pytest.mark.parametrize(
    "github",
    [
        {"repository": "example"},
        {"repository": "example/*"},
        {"repository": "example@1/pipelines"},
        {"repository": "example/pipelines", "branch": "*"},
        {"repository": "example/pipelines", "branch": "main", "environment": "production"},
    ],
)
def test_a_wrong_repository_or_entry_is_refused(github: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="unified-pipelines:bootstrap: github"):
        read_options({"github": github})


def test_the_template_has_the_same_trusts() -> None:
    names, topology, _ = read_stack("prod")
    given = options(environment="production")
    resources = template(topology, names, given)["Resources"]
    recorded = made(given)

    def deployed(name: str) -> Any:
        text = json.dumps(resources[name]["Properties"]["AssumeRolePolicyDocument"])
        return json.loads(text.replace('{"Fn::Sub": "${GithubProvider}"}', f'"{PROVIDER}"'))

    (_, hub, other) = deployed("PreviewRole")["Fn::If"]
    of_hub = trust(recorded, "preview-", HUB)
    assert {each["Sid"]: each for each in hub["Statement"]} == of_hub
    assert other["Statement"] == list(trust(recorded, "preview-", ANALYTICS).values())
    assert deployed("GithubRole")["Statement"] == list(
        trust(recorded, "github-deploy-", HUB).values()
    )
    assert trust(recorded, "deploy-", HUB)["Github"] in deployed("DeployRole")["Statement"]
    assert resources["GithubProvider"]["Condition"] == "IsHub"
    only_preview = template(topology, names, options(existing_provider=True))["Resources"]
    assert not {"GithubProvider", "GithubRole"} & only_preview.keys()


def test_the_template_tells_the_hubs_roles_that_github_assumes() -> None:
    names, topology, _ = read_stack("prod")

    def told(given: Options) -> dict[str, str]:
        outputs = template(topology, names, given)["Outputs"]
        return {name: each["Condition"] for name, each in outputs.items() if "Condition" in each}

    assert told(Options()) == {}
    assert told(options()) == {"PreviewRoleArn": "IsHub"}
    assert told(options(branch="main")) == {"PreviewRoleArn": "IsHub", "GithubRoleArn": "IsHub"}


@pytest.mark.verification
def test_cfn_lint_finds_nothing() -> None:
    from cfnlint.api import lint_all

    names, topology, _ = read_stack("prod")
    found = lint_all(json.dumps(template(topology, names, options(branch="main"))))
    assert [each for each in found if each.rule.id[0] != "I"] == []
