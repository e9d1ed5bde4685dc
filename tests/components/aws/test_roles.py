"""Every role of a pipeline: its name and description in IAM, and its outputs.

Its policies are in `test_pipeline_policies`.
"""

from __future__ import annotations

import pulumi
import pytest

from components.aws.inline_policy import INLINE_POLICY_LIMIT
from components.aws.policy_document import statement
from components.pipeline.cross_account_role import CrossAccountRole, CrossAccountRoleArgs
from components.pipeline.site import PipelineSite
from tests.components.pipeline_examples import (
    DATA_ACCOUNT,
    provider,
    run,
    same_account,
    settings,
)

ROLES = {
    "east1-crossaccount": ("east1-crossaccount", "What the Airflow hub may do for east1"),
    "east1-glue": ("east1-glue", "Turns the raw files of east1 into training data"),
    "east1-replication-batch": ("east1-batch", "Replicates training data of east1 again"),
    "east1-replication": ("east1-replication", "Replicates the training data of east1"),
    "west2-crossaccount": ("west2-crossaccount", "What the Airflow hub may do for west2"),
    "west2-dagcleanup": ("west2-dagcleanup", "Clears the data of finished runs of west2"),
    "west2-training": ("west2-sagemaker", "Trains models on the training data of west2"),
}
"""By resource: the end of the name in IAM, and the description."""


def test_no_role_is_missing_here() -> None:
    roles = same_account().of_type("iam/role:Role")
    assert {role.name.removesuffix("-role") for role in roles} == ROLES.keys()


@pytest.mark.parametrize("name", ROLES)
def test_a_role_and_its_one_policy(name: str) -> None:
    recorded = same_account()
    role = recorded.one("iam/role:Role", f"{name}-role")
    granted = recorded.one("iam/rolePolicy:RolePolicy", f"{name}-policy")
    purpose, description = ROLES[name]
    assert role.inputs["name"] == f"unified-pipelines-dev-{purpose}"
    assert role.inputs["description"] == description
    assert role.parent == granted.parent
    assert granted.inputs["role"] == role.inputs["name"]
    assert granted.inputs["name"] == "access"


@pytest.mark.parametrize("name", ROLES)
def test_a_role_goes_before_its_successor_in_another_region_takes_the_name(name: str) -> None:
    recorded = same_account()
    assert recorded.one("iam/role:Role", f"{name}-role").delete_before_replace
    assert recorded.one("iam/rolePolicy:RolePolicy", f"{name}-policy").delete_before_replace


def test_a_policy_that_iam_would_refuse_names_its_role() -> None:
    too_much = [statement("Read", "s3:GetObject", "x" * INLINE_POLICY_LIMIT)]

    def program() -> None:
        site = PipelineSite(
            settings=settings(), name="east1", account_id=DATA_ACCOUNT, region="us-east-1"
        )
        CrossAccountRole(
            "east1-crossaccount",
            CrossAccountRoleArgs(site=site, statements=pulumi.Output.from_input(too_much)),
            provider(DATA_ACCOUNT, "us-east-1"),
        )

    with pytest.raises(ValueError, match="role unified-pipelines-dev-east1-crossaccount has"):
        run(program)


@pytest.mark.parametrize(("pipeline", "result"), [("east1", "data"), ("west2", "ml")])
def test_the_hubs_role_has_its_arn_and_its_external_ids_as_outputs(
    pipeline: str, result: str
) -> None:
    recorded = same_account()
    component = recorded.one("CrossAccountRole", f"{pipeline}-crossaccount")
    role = recorded.one("iam/role:Role", f"{pipeline}-crossaccount-role")
    assert recorded.component_outputs[component.urn] == {
        "arn": role.outputs["arn"],
        "external_ids": recorded.result[result]["external_ids"],
    }
    assert recorded.result[result]["cross_account_role_arn"] == role.outputs["arn"]
