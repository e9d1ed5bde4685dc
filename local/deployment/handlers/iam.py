"""IAM: roles, their inline policies, managed policies and attachments."""

from __future__ import annotations

from local.deployment.resource import Created, Resource, creates
from local.deployment.translation import Rule


@creates(
    "aws:iam/role:Role",
    {
        "assumeRolePolicy": "AssumeRolePolicyDocument",
        "description": "Description",
        "forceDetachPolicies": Rule.UNUSED_AT_CREATION,
        "maxSessionDuration": "MaxSessionDuration",
        "name": "RoleName",
        "path": "Path",
        "permissionsBoundary": "PermissionsBoundary",
    },
    tagged=True,
)
def create_role(resource: Resource) -> Created:
    """A role with its trust policy."""
    name = resource.physical_name()
    iam = resource.client("iam")
    role = iam.create_role(**resource.call, Tags=resource.tag_list())["Role"]
    return Created(
        name,
        {
            "arn": role["Arn"],
            "createDate": role["CreateDate"].isoformat(),
            "name": name,
            "uniqueId": role["RoleId"],
        },
    )


@creates(
    "aws:iam/rolePolicy:RolePolicy",
    {"name": "PolicyName", "policy": "PolicyDocument", "role": "RoleName"},
)
def create_role_policy(resource: Resource) -> Created:
    """An inline policy of a role."""
    name = resource.physical_name()
    resource.client("iam").put_role_policy(**resource.call)
    return Created(f"{resource.inputs['role']}:{name}", {"name": name})


@creates(
    "aws:iam/policy:Policy",
    {
        "description": "Description",
        "name": "PolicyName",
        "path": "Path",
        "policy": "PolicyDocument",
    },
    tagged=True,
)
def create_policy(resource: Resource) -> Created:
    """A managed policy of the account."""
    name = resource.physical_name()
    iam = resource.client("iam")
    policy = iam.create_policy(**resource.call, Tags=resource.tag_list())["Policy"]
    return Created(
        policy["Arn"], {"arn": policy["Arn"], "name": name, "policyId": policy["PolicyId"]}
    )


@creates(
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    {"policyArn": "PolicyArn", "role": "RoleName"},
)
def attach_role_policy(resource: Resource) -> Created:
    """A managed policy put on a role."""
    resource.client("iam").attach_role_policy(**resource.call)
    return Created(f"{resource.inputs['role']}/{resource.inputs['policyArn']}")
