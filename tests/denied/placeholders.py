"""The values of the names in braces that the attempts use: deployed resources, and data in them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from components.aws.naming import Names
from tests.denied.deployed_stacks import ACCOUNTS, ROLES, DeployedStacks
from tests.denied.resource_names import Owner

RUN = "20260101T000000000000Z"
"""The run whose data lie in every bucket."""

RAW = "raw/ml_train_data.csv"
PART = f"transformed/run={RUN}/part-00000.csv"
DOOMED = f"transformed/run={RUN}/doomed.csv"
"""An object that an attempt may delete, and that no other attempt looks at."""

_OBJECTS = (
    RAW,
    PART,
    DOOMED,
    f"transformed/run={RUN}/_manifest.json",
    "staging/doomed",
    "staging/part-00000.csv",
    f"models/run={RUN}/model.tar.gz",
    f"models/run={RUN}/job/output/model.tar.gz",
    f"runs/{RUN}/summary.json",
    "dags/a_dag.py",
    "dags/doomed.py",
)

_PROJECT_TAGS = {"project": "unified-pipelines", "stack": "local"}
"""The tags by which EC2's resources are the stack's."""

_NAMED = re.compile(r"\{([^{}\"]+)\}")

Values = dict[str, Any]


def values_of(stacks: DeployedStacks) -> Values:
    """By the name that an attempt writes in braces; puts what isn't deployed where it belongs."""
    known: Values = {"run": RUN, "raw": RAW, "part": PART, "doomed": DOOMED}
    for account, id_ in ACCOUNTS.items():
        known[account] = id_
    for name, owner in stacks.owners.items():
        known |= {f"{name}.{of}": value for of, value in _of_owner(stacks, owner).items()}
        known |= {
            f"{kind} role of {name}": owner.role_arn(purpose) for kind, purpose in ROLES.items()
        }
        for kind in ("deploy", "GitHub", "operator", "preview"):
            known[f"{kind} role of {name}"] = stacks.role_arn(f"{kind} role of {name}")
    return known | _beside(stacks)


def filled_in(value: Any, known: Values) -> Any:
    """`value` with the names in braces replaced; a name alone stands for the value itself."""
    match value:
        case dict():
            filled = {key: filled_in(item, known) for key, item in value.items()}
            base = filled.pop("like", None)
            return filled if base is None else changed(base, filled)
        case list():
            return [filled_in(item, known) for item in value]
        case str():
            alone = _NAMED.fullmatch(value)
            return known[alone[1]] if alone else _NAMED.sub(lambda it: str(known[it[1]]), value)
    return value


def changed(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with `changes`, member by member; None takes a member away."""
    whole = dict(base)
    for key, value in changes.items():
        if value is None:
            del whole[key]
        elif isinstance(value, dict) and isinstance(whole.get(key), Mapping):
            whole[key] = changed(whole[key], value)
        else:
            whole[key] = value
    return whole


def _of_owner(stacks: DeployedStacks, owner: Owner) -> Values:
    connection = {} if owner.name == "hub" else _connection(stacks, owner)
    return connection | (_of_data(stacks, owner) if owner.has_data else {})


def _of_data(stacks: DeployedStacks, owner: Owner) -> Values:
    s3 = stacks.root("s3", owner.account, owner.region)
    encryption = s3.get_bucket_encryption(Bucket=owner.bucket)
    (rule,) = encryption["ServerSideEncryptionConfiguration"]["Rules"]
    key = rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"]
    versions = {
        name: s3.put_object(Bucket=owner.bucket, Key=name, Body=b"1")["VersionId"]
        for name in _OBJECTS
    }
    s3.put_object(Bucket=owner.bucket, Key=RAW, Body=b"2")
    policy = s3.get_bucket_policy(Bucket=owner.bucket)["Policy"]
    found = {
        "bucket": owner.bucket,
        "account": owner.account,
        "region": owner.region,
        "key": key,
        "job": owner.job,
        "logs": owner.logs,
        "jobs": owner.jobs,
        "function": owner.function,
        "environment": owner.environment,
        "old raw": versions[RAW],
        "part's version": versions[PART],
        "doomed's version": versions[DOOMED],
        "bucket policy": policy,
        "key policy": _key_policy(stacks, owner, key),
        "ciphertext": _encrypted(stacks, owner, key),
        "variables": _encrypted(stacks, owner, key, {"aws:lambda:FunctionArn": owner.function}),
    }
    return found | _training(stacks, owner)


def _key_policy(stacks: DeployedStacks, owner: Owner, key: str) -> str:
    kms = stacks.root("kms", owner.account, owner.region)
    policy: str = kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"]
    return policy


def _encrypted(
    stacks: DeployedStacks, owner: Owner, key: str, context: Mapping[str, str] | None = None
) -> bytes:
    kms = stacks.root("kms", owner.account, owner.region)
    blob: bytes = kms.encrypt(KeyId=key, Plaintext=b"1", EncryptionContext=context or {})[
        "CiphertextBlob"
    ]
    return blob


def _connection(stacks: DeployedStacks, owner: Owner) -> Values:
    hub = ACCOUNTS["central"]
    manager = stacks.root("secretsmanager", hub)
    secret = manager.get_secret_value(SecretId=owner.secret)
    connection = json.loads(secret["SecretString"])
    return {
        "secret": secret["ARN"],
        "connection": secret["SecretString"],
        "external id": connection["extra"]["assume_role_kwargs"]["ExternalId"],
    }


def _training(stacks: DeployedStacks, owner: Owner) -> Values:
    s3 = stacks.root("s3", owner.account, owner.region)
    listed = s3.list_objects_v2(Bucket=owner.bucket, Prefix="config/").get("Contents", [])
    if not listed:
        return {}
    body = s3.get_object(Bucket=owner.bucket, Key="config/training_config.json")["Body"].read()
    member = "HyperParameterTuningJobName" if owner.tunes else "TrainingJobName"
    return {"training": json.loads(body) | {member: f"{owner.jobs}-{RUN}"}}


def _beside(stacks: DeployedStacks) -> Values:
    """Values of the accounts that no stack has to do with."""
    hub, analytics = ACCOUNTS["central"], ACCOUNTS["analytics"]
    manager, sqs = stacks.root("secretsmanager", hub), stacks.root("sqs", hub)
    for account in ACCOUNTS.values():
        for region in ("us-east-1", "us-west-2"):
            logs = stacks.root("logs", account, region)
            for group in ("/another/group", "/another/more"):
                logs.create_log_group(logGroupName=group)
    state = Names(project="unified-pipelines", stack="local").state
    return {
        "state bucket": f"{state}-{hub}-us-east-1",
        "another secret": manager.create_secret(Name="another/secret", SecretString="{}")["ARN"],
        "another queue": sqs.create_queue(QueueName="orders")["QueueUrl"],
        "Airflow's queue": sqs.create_queue(QueueName="airflow-celery-1")["QueueUrl"],
        "another key": _spare_key(stacks, analytics),
        "claimed key": _claimed_key(stacks, hub),
        **_networks(stacks, hub),
        "spare key of analytics": _spare_key(stacks, analytics),
        "spare key of central": _spare_key(stacks, hub),
        "spare bucket of analytics": _spare_bucket(stacks, analytics),
        "foreign's bucket": _spare_bucket(stacks, ACCOUNTS["foreign"]),
    }


def _spare_key(stacks: DeployedStacks, account: str) -> str:
    arn: str = stacks.root("kms", account).create_key()["KeyMetadata"]["Arn"]
    return arn


def _claimed_key(stacks: DeployedStacks, account: str) -> str:
    """A key of another project that has the stack's tags beside its own, and no alias."""
    tags = {**_PROJECT_TAGS, "owner": "payments"}
    kms, arn = stacks.root("kms", account), _spare_key(stacks, account)
    kms.tag_resource(
        KeyId=arn, Tags=[{"TagKey": key, "TagValue": value} for key, value in tags.items()]
    )
    return arn


def _networks(stacks: DeployedStacks, account: str) -> Values:
    """The parts of the stack's network, and of another project's beside it."""
    ec2 = stacks.root("ec2", account)
    block = "10.192.0.0/16"
    vpc = ec2.create_vpc(CidrBlock=block)["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.192.1.0/24")["Subnet"]["SubnetId"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    own = [{"Name": f"tag:{key}", "Values": [value]} for key, value in _PROJECT_TAGS.items()]
    return {
        "payments.vpc": vpc,
        "payments.subnet": subnet,
        "payments.table": table,
        "hub.vpc": ec2.describe_vpcs(Filters=own)["Vpcs"][0]["VpcId"],
        "hub.subnet": ec2.describe_subnets(Filters=own)["Subnets"][0]["SubnetId"],
        "hub.table": ec2.describe_route_tables(Filters=own)["RouteTables"][0]["RouteTableId"],
        "hub.address": ec2.describe_addresses(Filters=own)["Addresses"][0]["AllocationId"],
    }


def _spare_bucket(stacks: DeployedStacks, account: str) -> str:
    name, s3 = f"spare-{account}", stacks.root("s3", account)
    s3.create_bucket(Bucket=name)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return name
