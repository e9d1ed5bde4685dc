"""IAM: providers of OpenID Connect."""

from __future__ import annotations

from local.deployment.mocked import Mocked, Outputs
from local.deployment.removal_calls import ID, call
from local.deployment.resource import Created, Resource
from local.deployment.resource_type import ResourceType


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
