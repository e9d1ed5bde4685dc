"""IAM: roles, their policies and attachments, and providers of OpenID Connect."""

from __future__ import annotations

from local.deployment.limits import DocumentLimit, NameLimit
from local.deployment.mocked import Mocked, Outputs, hexadecimal
from local.deployment.removal_calls import ID, call
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
    """The role, which its policies have left; the provider takes it out of instance profiles."""
    iam = resource.client
    for profile in iam.list_instance_profiles_for_role(RoleName=id_)["InstanceProfiles"]:
        iam.remove_role_from_instance_profile(
            InstanceProfileName=profile["InstanceProfileName"], RoleName=id_
        )
    iam.delete_role(RoleName=id_)


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


def create_oidc_provider(resource: Resource) -> Created:
    """A provider of OpenID Connect, whose ARN its URL decides on."""
    found = resource.client.create_open_id_connect_provider(
        **resource.call, Tags=resource.tag_list()
    )
    arn = found["OpenIDConnectProviderArn"]
    return Created(arn, {"arn": arn})


def mock_oidc_provider(mocked: Mocked) -> Outputs:
    """A provider, whose id is its ARN."""
    host = str(mocked.inputs["url"]).removeprefix("https://")
    arn = mocked.at.global_arn("iam", f"oidc-provider/{host}")
    return {"id": arn, "arn": arn}


OIDC_PROVIDER = ResourceType(
    token="aws:iam/openIdConnectProvider:OpenIdConnectProvider",
    service="iam",
    properties={"clientIdLists": "ClientIDList", "url": "Url"},
    create=create_oidc_provider,
    remove=call("delete_open_id_connect_provider", OpenIDConnectProviderArn=ID),
    mock_outputs=mock_oidc_provider,
    takes_tags=True,
)
"""Made by the bootstrap: no deploy role needs an action for it."""
