"""ARNs computed from names: what two resources need to know of each other before either exists.

Nothing here imports Pulumi.
"""

from __future__ import annotations

import re

from components.aws.partitions import partition_of

_IMAGE = re.compile(
    r"(?P<account_id>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.[a-z0-9.-]+/"
    r"(?P<repository>[^:@]+)[:@].+"
)


def service_arn(service: str, region: str, account_id: str, resource: str) -> str:
    """The ARN of `resource`, written as its service writes it, such as `job/<name>` for Glue."""
    return f"arn:{partition_of(region)}:{service}:{region}:{account_id}:{resource}"


def account_root(region: str, account_id: str) -> str:
    """The principal that stands for a whole account; `region` only tells the partition."""
    return f"arn:{partition_of(region)}:iam::{account_id}:root"


def log_group_arn(region: str, account_id: str, name: str) -> str:
    """The ARN of a log group, without the `:*` that stands for its streams."""
    return service_arn("logs", region, account_id, f"log-group:{name}")


def log_stream_arns(region: str, account_id: str, group_name: str) -> str:
    """A pattern for every stream of a log group."""
    return f"{log_group_arn(region, account_id, group_name)}:log-stream:*"


def repository_arn_of(image: str) -> str:
    """The ARN of the ECR repository that holds a container image.

    Raises ValueError for an image of another registry: SageMaker only trains with ECR's.
    """
    found = _IMAGE.fullmatch(image)
    if not found:
        raise ValueError(
            f"{image!r} is not an image in Amazon ECR: it has to look like "
            "<account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>"
        )
    account_id, region, repository = found.group("account_id", "region", "repository")
    return service_arn("ecr", region, account_id, f"repository/{repository}")


def role_arn(region: str, account_id: str, name: str) -> str:
    """The ARN of the role `name` of an account; `region` only tells the partition."""
    return f"arn:{partition_of(region)}:iam::{account_id}:role/{name}"


def policy_arn(region: str, account_id: str, name: str) -> str:
    """The ARN of an account's own managed policy; `name` may begin with its path."""
    return f"arn:{partition_of(region)}:iam::{account_id}:policy/{name}"


def path_and_name(arn: str) -> tuple[str, str]:
    """IAM's path and name of the role or policy with this ARN: `/` and `x` for `role/x`."""
    path, _, name = arn.partition("/")[2].rpartition("/")
    return f"/{path}/" if path else "/", name


def bucket_arn(region: str, name: str) -> str:
    """The ARN of a bucket; `region` only tells the partition."""
    return f"arn:{partition_of(region)}:s3:::{name}"
