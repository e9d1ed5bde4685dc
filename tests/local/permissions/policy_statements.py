"""Every policy statement of a local run, read back from the embedded AWS."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from components.aws.account_region import AccountRegion
from components.aws.naming import FUNCTION_NAME_LIMIT, HUB_OWNER, ROTATION, Names
from components.backup.names import FUNCTION_ROLE as BACKUP_ROLE
from components.replication.batch_policies import BATCH_ROLE_PURPOSE
from components.uploads.names import FUNCTION_ROLE, SENDER_ROLE, bus_name, queue_name
from local.run.plan import DataPipeline, MlPipeline
from tests.local.kept_run import KeptRun
from tests.permission_reasons import listed, permissions_of

Sort = Literal[
    "permissions",
    "trust",
    "bucket policy",
    "bus policy",
    "function policy",
    "key policy",
    "queue policy",
]


@dataclass(frozen=True, kw_only=True, eq=False)
class Granted:
    """One statement of one policy."""

    kind: str
    """Whose policy it is, the same for every pipeline: `execution`, `Glue`, `key, data`."""

    sort: Sort
    holder: str
    """The ARN of the role, bucket, bus, function, key or queue."""

    owner: str
    """The account that the holder is in."""

    policy: str
    """The name of the role's inline policy, or the ARN of its managed one; else empty."""

    statement: dict[str, Any]

    @property
    def sid(self) -> str:
        """The statement's id; where it holds a pipeline's name, without that name."""
        sid = str(self.statement["Sid"])
        return "EncryptFor" if sid.startswith("EncryptFor") else sid

    @property
    def actions(self) -> list[str]:
        """What it allows or denies."""
        return listed(self.statement["Action"])

    @property
    def resources(self) -> list[str]:
        """What it is about; nothing for a trust policy."""
        return listed(self.statement.get("Resource", []))

    @property
    def services(self) -> list[str]:
        """The AWS services that it lets in."""
        return listed(self.statement.get("Principal", {}).get("Service", []))

    @property
    def permissions(self) -> list[str]:
        """What it grants, as the reasons call it."""
        return permissions_of(self.statement)

    @property
    def allows(self) -> bool:
        """Whether it grants, and doesn't deny."""
        return bool(self.statement["Effect"] == "Allow")


def bootstrap_roles(names: Names) -> frozenset[str]:
    """The names of the roles by which people and continuous integration enter."""
    return frozenset(
        {names.deploy_role, names.github_role, names.operator_role, names.preview_role}
    )


class Deployed:
    """The roles, buckets and keys of a run, and the hub's bus, queue and rotation function."""

    def __init__(self, kept: KeptRun) -> None:
        self._kept = kept
        plan, names = kept.plan, kept.names
        self._of_bootstrap = bootstrap_roles(names)
        self._kinds = {names.role(HUB_OWNER, "execution"): "execution"}
        self._kinds[names.role(HUB_OWNER, "flow-logs")] = "flow logs"
        self._kinds[names.role(HUB_OWNER, FUNCTION_ROLE)] = "start function"
        self._kinds[names.role(HUB_OWNER, BACKUP_ROLE)] = "backup function"
        self._kinds[names.role(HUB_OWNER, ROTATION)] = "rotation function"
        self._owners: list[tuple[str, str, AccountRegion]] = [(HUB_OWNER, "hub", plan.hub)]
        for data in plan.data_pipelines:
            self._add(data, {"crossaccount": "cross-account, data", "glue": "Glue"})
            self._kinds[names.role(data.name, "replication")] = "replication"
            self._kinds[names.role(data.name, BATCH_ROLE_PURPOSE)] = "batch replication"
            self._kinds[names.role(data.name, SENDER_ROLE)] = "upload events"
            self._owners.append((data.name, "data", data.account_region))
        for ml in plan.ml_pipelines:
            purposes = {"crossaccount": "cross-account, ML", "sagemaker": "SageMaker"}
            self._add(ml, {**purposes, "dagcleanup": "Lambda"})
            self._owners.append((ml.name, "ML", ml.account_region))

    def _add(self, pipeline: DataPipeline | MlPipeline, purposes: dict[str, str]) -> None:
        names = self._kept.names
        self._kinds |= {names.role(pipeline.name, name): kind for name, kind in purposes.items()}

    def statements(self) -> list[Granted]:
        """All of them but the bootstrap's. An unknown role, bucket or key fails."""
        return [
            *self._of_roles(),
            *self._of_buckets(),
            *self._of_keys(),
            *self._of_bus(),
            *self._of_queue(),
            *self._of_function(),
        ]

    def key_names(self) -> dict[str, str]:
        """The keys' ARNs, each with its alias: the ids are AWS's own, and new in each run."""
        return {arn: alias for _, account_region, arn, alias in self._keys()}

    def _of_roles(self) -> Iterator[Granted]:
        for account_id in self._kept.plan.accounts:
            account_region = AccountRegion(account_id=account_id, region=self._kept.plan.hub.region)
            iam = self._kept.client("iam", account_region)
            for role in iam.list_roles()["Roles"]:
                if role["RoleName"] not in self._of_bootstrap:
                    yield from self._of_role(iam, role, account_id)

    def _of_role(self, iam: Any, role: dict[str, Any], account_id: str) -> Iterator[Granted]:
        name = role["RoleName"]
        documents: list[tuple[Sort, str, Any]] = [("trust", "", role["AssumeRolePolicyDocument"])]
        for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
            found = iam.get_role_policy(RoleName=name, PolicyName=policy)
            documents.append(("permissions", policy, found["PolicyDocument"]))
        for attached in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
            arn = attached["PolicyArn"]
            version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
            found = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]
            documents.append(("permissions", arn, found["Document"]))
        for sort, policy, document in documents:
            for statement in _statements(document):
                yield Granted(
                    kind=self._kinds[name],
                    sort=sort,
                    holder=role["Arn"],
                    owner=account_id,
                    policy=policy,
                    statement=statement,
                )

    def _of_buckets(self) -> Iterator[Granted]:
        for owner, kind, account_region in self._owners:
            bucket = self._kept.names.bucket(
                owner, account_region.account_id, account_region.region
            )
            policy = self._kept.client("s3", account_region).get_bucket_policy(Bucket=bucket)[
                "Policy"
            ]
            for statement in _statements(policy):
                yield Granted(
                    kind=f"bucket, {kind}",
                    sort="bucket policy",
                    holder=f"arn:aws:s3:::{bucket}",
                    owner=account_region.account_id,
                    policy="",
                    statement=statement,
                )

    def _keys(self) -> Iterator[tuple[str, AccountRegion, str, str]]:
        names, backup = self._kept.names, self._kept.summary["outputs"]["backup"]
        backups = replace(self._kept.plan.hub, region=backup["region"])
        for name, kind, account_region in (
            *((names.of(owner, "key", limit=250), kind, at) for owner, kind, at in self._owners),
            (names.of(HUB_OWNER, "backup", limit=250), "backups", backups),
        ):
            kms = self._kept.client("kms", account_region)
            alias = f"alias/{name}"
            yield kind, account_region, kms.describe_key(KeyId=alias)["KeyMetadata"]["Arn"], alias

    def _of_keys(self) -> Iterator[Granted]:
        for kind, account_region, arn, _ in self._keys():
            kms = self._kept.client("kms", account_region)
            for statement in _statements(kms.get_key_policy(KeyId=arn)["Policy"]):
                if self._kept.names.deploy_role in str(statement["Principal"]):
                    continue
                yield Granted(
                    kind=f"key, {kind}",
                    sort="key policy",
                    holder=arn,
                    owner=account_region.account_id,
                    policy="",
                    statement=statement,
                )

    def _of_bus(self) -> Iterator[Granted]:
        bus = self._kept.client("events", self._kept.plan.hub).describe_event_bus(
            Name=bus_name(self._kept.names)
        )
        yield from self._of_hub("bus policy", bus["Arn"], bus["Policy"])

    def _of_queue(self) -> Iterator[Granted]:
        sqs = self._kept.client("sqs", self._kept.plan.hub)
        url = sqs.get_queue_url(QueueName=queue_name(self._kept.names))["QueueUrl"]
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn", "Policy"])
        queue = found["Attributes"]
        yield from self._of_hub("queue policy", queue["QueueArn"], queue["Policy"])

    def _of_function(self) -> Iterator[Granted]:
        functions = self._kept.client("lambda", self._kept.plan.hub)
        name = self._kept.names.of(HUB_OWNER, ROTATION, limit=FUNCTION_NAME_LIMIT)
        found = functions.get_function(FunctionName=name)["Configuration"]
        policy = functions.get_policy(FunctionName=name)["Policy"]
        yield from self._of_hub("function policy", found["FunctionArn"], policy)

    def _of_hub(self, sort: Sort, arn: str, document: str) -> Iterator[Granted]:
        for statement in _statements(document):
            yield Granted(
                kind=f"{sort.split()[0]}, hub",
                sort=sort,
                holder=arn,
                owner=self._kept.plan.hub.account_id,
                policy="",
                statement=statement,
            )


def _statements(document: str | dict[str, Any]) -> list[dict[str, Any]]:
    policy = json.loads(document) if isinstance(document, str) else document
    found: list[dict[str, Any]] = policy["Statement"]
    return found
