"""What AWS allows of each physical name and policy that the program makes, with its source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class NameLimit:
    """How a name may be spelt, in bytes, and where no other may be the same."""

    key: str
    most: int
    pattern: str
    unique_in: str | None
    source: str
    least: int = 1

    def names(self, inputs: Mapping[str, Any]) -> Iterator[str]:
        """The names in a resource's inputs: one, or one per rule."""
        value = inputs[self.key]
        if isinstance(value, list):
            yield from (str(item["id"]) for item in value)
        else:
            yield str(value)


@dataclass(frozen=True, kw_only=True)
class DocumentLimit:
    """The most characters that a policy document may have."""

    most: int
    source: str


NAME_LIMITS: Mapping[str, NameLimit] = {
    "aws:s3/bucket:Bucket": NameLimit(
        key="bucket",
        least=3,
        most=63,
        pattern=r"(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9][a-z0-9-]*[a-z0-9](?<!-s3alias)(?<!--ol-s3)",
        unique_in="the world",
        source="S3 user guide, General purpose bucket naming rules",
    ),
    "aws:s3/bucketObjectv2:BucketObjectv2": NameLimit(
        key="key",
        most=1024,
        pattern=r"[0-9A-Za-z!_.*'()/-]+",
        unique_in=None,
        source="S3 user guide, Naming Amazon S3 objects",
    ),
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": NameLimit(
        key="rules",
        most=255,
        pattern=r"[ -~]+",
        unique_in=None,
        source="S3 API reference, ReplicationRule: ID",
    ),
    "aws:iam/role:Role": NameLimit(
        key="name",
        most=64,
        pattern=r"[\w+=,.@-]+",
        unique_in="the account",
        source="IAM API reference, CreateRole: RoleName (unique without regard to case)",
    ),
    "aws:iam/policy:Policy": NameLimit(
        key="name",
        most=128,
        pattern=r"[\w+=,.@-]+",
        unique_in="the account",
        source="IAM API reference, CreatePolicy: PolicyName (unique without regard to case)",
    ),
    "aws:iam/rolePolicy:RolePolicy": NameLimit(
        key="name",
        most=128,
        pattern=r"[\w+=,.@-]+",
        unique_in=None,
        source="IAM API reference, PutRolePolicy: PolicyName (one per role)",
    ),
    "aws:kms/alias:Alias": NameLimit(
        key="name",
        most=256,
        pattern=r"alias/(?!aws/)[a-zA-Z0-9/_-]+",
        unique_in="the Region",
        source="KMS API reference, CreateAlias: AliasName",
    ),
    "aws:cloudwatch/logGroup:LogGroup": NameLimit(
        key="name",
        most=512,
        pattern=r"[.\-_/#A-Za-z0-9]+",
        unique_in="the Region",
        source="CloudWatch Logs API reference, CreateLogGroup: logGroupName",
    ),
    "aws:glue/job:Job": NameLimit(
        key="name",
        most=255,
        pattern=r"[ -~]+",
        unique_in="the Region",
        source="Glue API reference, CreateJob: Name",
    ),
    "aws:glue/securityConfiguration:SecurityConfiguration": NameLimit(
        key="name",
        most=255,
        pattern=r"[ -~]+",
        unique_in="the Region",
        source="Glue API reference, CreateSecurityConfiguration: Name",
    ),
    "aws:lambda/function:Function": NameLimit(
        key="name",
        most=64,
        pattern=r"[a-zA-Z0-9_-]+",
        unique_in="the Region",
        source="Lambda API reference, CreateFunction: FunctionName",
    ),
    "aws:mwaa/environment:Environment": NameLimit(
        key="name",
        most=80,
        pattern=r"[a-zA-Z][0-9a-zA-Z_-]*",
        unique_in="the Region",
        source="Amazon MWAA API reference, CreateEnvironment: Name",
    ),
    "aws:secretsmanager/secret:Secret": NameLimit(
        key="name",
        most=512,
        # A hyphen and six characters at the end would be taken for the end of a secret's ARN.
        pattern=r"[A-Za-z0-9/_+=.@-]+(?<!-[A-Za-z0-9]{6})",
        unique_in="the Region",
        source="Secrets Manager API reference, CreateSecret: Name",
    ),
    "aws:ec2/securityGroup:SecurityGroup": NameLimit(
        key="name",
        most=255,
        pattern=r"(?!sg-)[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]+",
        unique_in=None,
        source="EC2 API reference, CreateSecurityGroup: GroupName (one per VPC)",
    ),
}
"""By resource type. A type that has a name and isn't listed is a violation itself."""

DOCUMENT_LIMITS: Mapping[tuple[str, str], DocumentLimit] = {
    ("aws:iam/role:Role", "assumeRolePolicy"): DocumentLimit(
        most=2048, source="IAM user guide, IAM and AWS STS quotas: role trust policy"
    ),
    ("aws:iam/rolePolicy:RolePolicy", "policy"): DocumentLimit(
        most=10_240, source="IAM user guide, IAM and AWS STS quotas: inline policies of a role"
    ),
    ("aws:iam/policy:Policy", "policy"): DocumentLimit(
        most=6144, source="IAM user guide, IAM and AWS STS quotas: managed policy"
    ),
    ("aws:s3/bucketPolicy:BucketPolicy", "policy"): DocumentLimit(
        most=20_480, source="S3 user guide, Bucket policies: 20 KB"
    ),
    ("aws:kms/key:Key", "policy"): DocumentLimit(
        most=32_768, source="KMS developer guide, Resource quotas: key policy document"
    ),
}
"""By resource type and input."""
