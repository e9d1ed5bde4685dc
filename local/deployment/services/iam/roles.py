"""IAM: roles, their inline policies, and attachments to them."""

from __future__ import annotations

from local.deployment.limits import DocumentLimit, NameLimit
from local.deployment.mocked import Mocked, Outputs, hexadecimal
from local.deployment.removal_calls import call
from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType


def create_role(resource: Resource) -> Created:
    """A role with its trust policy."""
    name = resource.physical_name()
    role = resource.client.create_role(**resource.call, Tags=resource.tag_list())["Role"]
    return Created(
        name,
        {
            "arn": role["Arn"],
            "createDate": role["CreateDate"].isoformat(),
            "name": name,
            "uniqueId": role["RoleId"],
        },
    )


def delete_role(resource: Resource, id_: str) -> None:
    """The role, which its policies have left."""
    # The provider looks for instance profiles to take it out of; a stack's roles are in none.
    resource.client.list_instance_profiles_for_role(RoleName=id_)
    resource.client.delete_role(RoleName=id_)


def mock_role(mocked: Mocked) -> Outputs:
    """A role, whose name alone decides on its ids."""
    name = mocked.physical_name
    return {
        "id": name,
        "arn": mocked.at.global_arn("iam", f"role/{name}"),
        "uniqueId": "AROA" + hexadecimal(name, 17).upper(),
    }


ROLE = ResourceType(
    token="aws:iam/role:Role",
    service="iam",
    properties={
        "assumeRolePolicy": "AssumeRolePolicyDocument",
        "description": "Description",
        "maxSessionDuration": "MaxSessionDuration",
        "name": "RoleName",
        "path": "Path",
        "permissionsBoundary": "PermissionsBoundary",
    },
    create=create_role,
    remove=delete_role,
    mock_outputs=mock_role,
    takes_tags=True,
    name_limit=NameLimit(
        key="name",
        most=64,
        pattern=r"[\w+=,.@-]+",
        unique_in="the account",
        source="IAM API reference, CreateRole: RoleName (unique without regard to case)",
    ),
    document_limits={
        "assumeRolePolicy": DocumentLimit(
            most=2048, source="IAM user guide, IAM and AWS STS quotas: role trust policy"
        )
    },
    deploy_actions=(
        "iam:CreateRole",
        "iam:DeleteRole",
        "iam:GetRole",
        "iam:ListAttachedRolePolicies",
        "iam:ListInstanceProfilesForRole",
        "iam:ListRolePolicies",
        "iam:ListRoleTags",
        "iam:PutRolePermissionsBoundary",
        "iam:TagRole",
        "iam:UntagRole",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateRole",
        "iam:UpdateRoleDescription",
    ),
)


def create_role_policy(resource: Resource) -> Created:
    """An inline policy of a role."""
    name = resource.physical_name()
    resource.client.put_role_policy(**resource.call)
    return Created(f"{resource.inputs['role']}:{name}", {"name": name})


ROLE_POLICY = ResourceType(
    token="aws:iam/rolePolicy:RolePolicy",
    service="iam",
    properties={"name": "PolicyName", "policy": "PolicyDocument", "role": "RoleName"},
    create=create_role_policy,
    remove=call("delete_role_policy", RoleName="role", PolicyName="name"),
    name_limit=NameLimit(
        key="name",
        most=128,
        pattern=r"[\w+=,.@-]+",
        unique_in=None,
        source="IAM API reference, PutRolePolicy: PolicyName (one per role)",
    ),
    document_limits={
        "policy": DocumentLimit(
            most=10_240,
            source="IAM user guide, IAM and AWS STS quotas: inline policies of a role",
        )
    },
    deploy_actions=("iam:DeleteRolePolicy", "iam:GetRolePolicy", "iam:PutRolePolicy"),
)


def attach_role_policy(resource: Resource) -> Created:
    """The attachment of a managed policy to a role."""
    resource.client.attach_role_policy(**resource.call)
    return Created(f"{resource.inputs['role']}/{resource.inputs['policyArn']}")


ROLE_POLICY_ATTACHMENT = ResourceType(
    token="aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    service="iam",
    properties={"policyArn": "PolicyArn", "role": "RoleName"},
    create=attach_role_policy,
    remove=call("detach_role_policy", RoleName="role", PolicyArn="policyArn"),
    deploy_actions=(
        "iam:AttachRolePolicy",
        "iam:DetachRolePolicy",
        "iam:ListAttachedRolePolicies",
    ),
)
