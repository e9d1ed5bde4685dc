"""IAM: managed policies of the account."""

from __future__ import annotations

from local.deployment.limits import DocumentLimit, NameLimit
from local.deployment.mocked import Mocked, Outputs
from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType


def create_policy(resource: Resource) -> Created:
    """A managed policy of the account."""
    name = resource.physical_name()
    policy = resource.client.create_policy(**resource.call, Tags=resource.tag_list())["Policy"]
    return Created(
        policy["Arn"], {"arn": policy["Arn"], "name": name, "policyId": policy["PolicyId"]}
    )


def delete_policy(resource: Resource, id_: str) -> None:
    """The policy with its former versions, which would keep it."""
    iam = resource.client
    for version in iam.list_policy_versions(PolicyArn=id_)["Versions"]:
        if not version["IsDefaultVersion"]:
            iam.delete_policy_version(PolicyArn=id_, VersionId=version["VersionId"])
    iam.delete_policy(PolicyArn=id_)


def mock_policy(mocked: Mocked) -> Outputs:
    """A managed policy, whose id is its ARN."""
    arn = mocked.at.global_arn("iam", f"policy/{mocked.physical_name}")
    return {"id": arn, "arn": arn}


POLICY = ResourceType(
    token="aws:iam/policy:Policy",
    service="iam",
    properties={
        "description": "Description",
        "name": "PolicyName",
        "path": "Path",
        "policy": "PolicyDocument",
    },
    create=create_policy,
    remove=delete_policy,
    mock_outputs=mock_policy,
    takes_tags=True,
    name_limit=NameLimit(
        key="name",
        most=128,
        pattern=r"[\w+=,.@-]+",
        unique_in="the account",
        source="IAM API reference, CreatePolicy: PolicyName (unique without regard to case)",
    ),
    document_limits={
        "policy": DocumentLimit(
            most=6144, source="IAM user guide, IAM and AWS STS quotas: managed policy"
        )
    },
    deploy_actions=(
        "iam:CreatePolicy",
        "iam:CreatePolicyVersion",
        "iam:DeletePolicy",
        "iam:DeletePolicyVersion",
        "iam:GetPolicy",
        "iam:GetPolicyVersion",
        "iam:ListPolicyVersions",
        "iam:TagPolicy",
        "iam:UntagPolicy",
    ),
)
