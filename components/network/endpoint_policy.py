"""Who may call AWS through a stack's endpoints: pure functions of account ids.

An endpoint's policy gives no permission, it only narrows those that a caller has: hence every
action, which nothing else in the project allows. Its principal is everyone because a gateway
endpoint takes an account for that account's root user alone (AWS PrivateLink guide, "Control access
to VPC endpoints using endpoint policies"); the condition names the accounts.
"""

from __future__ import annotations

from collections.abc import Sequence

from components.aws.arns import bucket_arn
from components.aws.policy_document import EVERYTHING, Statement, policy_document

_IMAGE_ACTIONS = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:GetAuthorizationToken",
    "ecr:GetDownloadUrlForLayer",
]
"""What pulling an image takes. Amazon MWAA's images are AWS's, and AWS may pull them as itself."""


def endpoint_policy(service: str, region: str, account_ids: Sequence[str]) -> str:
    """The policy of an endpoint of `service` (such as `sts`) in `region` (the service's own).

    The principals of the stack's accounts may use it, and no others: credentials of another account
    that reach a task, and with them its data, get nowhere.
    """
    statements = [_of_accounts(account_ids)]
    if service == "s3":
        # Amazon MWAA user guide, "VPC endpoint policies": the layers of its images.
        layers = bucket_arn(region, f"prod-{region}-starport-layer-bucket")
        statements.append(_of_everyone("ImageLayers", "s3:GetObject", f"{layers}/*"))
    if service.startswith("ecr."):
        statements.append(_of_everyone("Images", _IMAGE_ACTIONS, EVERYTHING))
    return policy_document(statements)


def accounts_policy(account_ids: Sequence[str]) -> str:
    """The policy of an endpoint that AWS itself uses, if at all, as a role of these accounts."""
    return policy_document([_of_accounts(account_ids)])


def _of_accounts(account_ids: Sequence[str]) -> Statement:
    condition = {"StringEquals": {"aws:PrincipalAccount": sorted(account_ids)}}
    return _of_everyone("StackAccounts", EVERYTHING, EVERYTHING) | {"Condition": condition}


def _of_everyone(sid: str, actions: str | list[str], resource: str) -> Statement:
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": EVERYTHING,
        "Action": actions,
        "Resource": resource,
    }
