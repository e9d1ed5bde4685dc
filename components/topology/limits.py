"""What AWS allows, as data: every number and list that a topology is checked against.

The source stands beside each value. "API model" is the service's model in botocore 1.43. Numbers
called quotas can be raised for an account; what an account has can't be known before deploying.
"""

from __future__ import annotations

from typing import Literal

ACCOUNT_ID_PATTERN = r"[0-9]{12}"

# IAM API model: roleNameType, policyNameType and policyPathType.
ROLE_ARN_PATTERN = r"arn:{partition}:iam::{account_id}:role/(?:[\w+=,.@-]+/)*[\w+=,.@-]{{1,64}}"
BOUNDARY_PATTERN = r"(?:[A-Za-z0-9_+=,.@-]{1,512}/){0,32}[A-Za-z0-9_+=,.@-]{1,128}"
# AWS Organizations API model: OrganizationId.
ORGANIZATION_ID_PATTERN = r"o-[a-z0-9]{10,32}"
ROLES_PER_ACCOUNT = 1000
"""IAM user guide, "IAM and AWS STS quotas": the default."""
VPCS_PER_REGION = 5
"""VPC user guide, "Amazon VPC quotas": the default, of an account."""

# Amazon MWAA: its API model and the user guide's "Environment class" page.
CLASS_PATTERN = r"mw1\.[a-z0-9]+"
DAGS_BY_CLASS = {
    "mw1.micro": 25,
    "mw1.small": 50,
    "mw1.medium": 250,
    "mw1.large": 1000,
    "mw1.xlarge": 2000,
    "mw1.2xlarge": 4000,
}
"""What the page calls DAG capacity, from the smallest class to the largest."""
VERSION_PATTERN = r"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}"
MIN_AIRFLOW_VERSION = (3, 0, 6)
"""The first that the DAG files are tested on."""
END_AIRFLOW_VERSION = (4, 0, 0)
PUBLIC_AND_PRIVATE_VERSION = (3, 2, 0)
WORKERS = (1, 25)
"""25 is the default quota of workers per environment."""
SCHEDULERS = (2, 5)
WEBSERVERS = (2, 5)
DRAIN_MINUTES = (0, 720)
"""The most is what Amazon MWAA itself waits for tasks in a graceful update: 12 hours."""
MAINTENANCE_PATTERN = r"(?:MON|TUE|WED|THU|FRI|SAT|SUN):(?:[01][0-9]|2[0-3]):(?:00|30)"
PLUGINS_BYTES = 1_000_000_000
"""Amazon MWAA user guide, "Installing custom plugins": what it recommends for plugins.zip. It sets
no limit of its own, but installs nothing that takes longer than ten minutes."""
OPTION_NAME_PATTERN = r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+"
OPTION_NAME_LENGTH = 64
OPTION_VALUE_PATTERN = r"[ -~]{1,65536}"
SUBNETS = 2
SECURITY_GROUPS = (1, 5)
PIPELINE_SUBNETS = (2, 16)
"""At most what SageMaker (API reference, VpcConfig) and Lambda (VpcConfig) take; two, so that work
goes on where one Availability Zone doesn't."""
UNUSABLE_ADDRESSES = 5
"""VPC user guide, "Subnet CIDR blocks": the addresses of every subnet that AWS keeps."""
VPC_ID_PATTERN = r"vpc-[0-9a-f]{8}(?:[0-9a-f]{9})?"
SUBNET_ID_PATTERN = r"subnet-[0-9a-f]{8}(?:[0-9a-f]{9})?"
SECURITY_GROUP_ID_PATTERN = r"sg-[0-9a-f]{8}(?:[0-9a-f]{9})?"

RESERVED_OPTIONS = (r"secrets\..*", r"workers\.secrets_backend(?:_kwargs)?")
"""Options that say where connections come from: only the hub sets them."""

# CloudWatch Logs API model: PutRetentionPolicyRequest, retentionInDays.
LOG_RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096),
    *(1827, 2192, 2557, 2922, 3288, 3653),
)

# Amazon CloudWatch API reference, PutMetricAlarm: in periods of less than an hour an alarm looks
# back a day at most. The other bounds are our own.
HEARTBEAT_MINUTES = (5, 1440)
HEARTBEAT_STEP_MINUTES = 5
SOURCES = (2, 10)
"""Of one ML pipeline: the policies of its bucket and key name each in another account."""
EXPECT_EVERY_HOURS = (1, 168)
"""The same: in periods of an hour it looks back seven days at most."""
BACKUP_HOURS = (1, 24)
BACKUP_DAYS = (1, 3650)
"""Amazon S3 sets no limit. A backup is to be there for as long as what it is to restore counts."""
ALARM_COUNT = (0, 1_000_000)
ALARM_SECONDS = (60, 86_400)
ROTATION_DAYS = (1, 1000)
"""Secrets Manager API reference, RotationRulesType: AutomaticallyAfterDays."""

PERCENT = (1, 100)
MEBIBYTES = (1, 1_000_000)

MONTHLY_BUDGET = (1, 10_000_000)
"""Of our own."""
BUDGET_ADDRESSES = 10
"""AWS Budgets API reference, Notification: e-mail addresses of one."""

# Amazon SNS API model: Subscribe. It takes any text as an address; these are what can be reached.
EMAIL_PATTERN = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
HTTPS_ENDPOINT_PATTERN = r"https://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:/[!-~]*)?"
TOPIC_ARN_PATTERN = r"arn:{partition}:sns:{region}:{account_id}:[A-Za-z0-9_-]{{1,256}}"

# VPC user guide, "VPC CIDR blocks": private ranges (RFC 1918), at most a /16. AWS takes smaller
# ones than a /24, but then the private subnets couldn't hold 25 workers and the rest.
PRIVATE_BLOCKS = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
BLOCK_PREFIX_LENGTHS = (16, 24)
REGIONAL_BLOCK_PREFIX_LENGTHS = (16, 20)
"""Of our own: a smaller one has few places for the Regions."""

# AWS Glue: its API model and the developer guide's "Worker types" and quotas pages. The API model
# of botocore stops at G.8X; the provider, as it is pinned, names all of the types below.
GLUE_VERSION_PATTERN = r"[0-9]{1,3}\.[0-9]{1,3}"
MIN_GLUE_VERSION = (5, 0)
"""The first with Python 3.11; the script is tested on 5.1's Spark."""
WorkerType = Literal[
    "G.1X", "G.2X", "G.4X", "G.8X", "G.12X", "G.16X", "R.1X", "R.2X", "R.4X", "R.8X"
]
GLUE_WORKERS = (2, 299)
GLUE_TIMEOUT_MINUTES = (1, 10_080)
GLUE_CONCURRENT_RUNS = (1, 1000)
SCRIPT_INPUT_PATTERN = r"[A-Za-z0-9_]{1,64}"

SCHEDULE_PRESETS = ("@hourly", "@daily", "@weekly", "@monthly", "@quarterly", "@yearly")
"""Airflow's presets that stand for a cron expression."""

# IAM user guide, "IAM JSON policy elements: Resource": `*` and `?` are wildcards in the policies
# that name the key, and `$` may begin a variable. Braces belong to placeholders alone.
RAW_KEY_PATTERN = r"raw/[ -#%-)+->@-z|~]*[!-#%-)+->@-z|~]"
RAW_KEY_BYTES = 1024
UPLOADS_PATTERN = r"raw/[0-9A-Za-z!_.'()/=*-]*[0-9A-Za-z!_.'()=*-]"
"""Such keys, with EventBridge's wildcard, which is one to IAM as well."""
RAW_KEY_PLACEHOLDERS = {"{date}": "2026-11-26", "{hour}": "05"}
"""What a run puts into the key, with an example of each: dags/cross_account/raw_key.py."""

FORMAT_NAME_ENDS = (
    *(".avro", ".csv", ".feather", ".json", ".jsonl", ".orc", ".parquet", ".xls", ".xlsx"),
)
"""Of files whose format follows from their names, which the job would refuse by their content."""

NAMES_OF = {"csv": (".csv",), "json_lines": (".json", ".jsonl"), "parquet": (".parquet",)}
"""Those of each format."""

DELIMITER_PATTERN = r"[\t !#$%&*,/:;<=>?@^_|~]"
Encoding = Literal[
    "utf-8",
    "utf-16",
    "iso-8859-1",
    "iso-8859-2",
    "iso-8859-15",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "koi8-r",
]
"""Those that Python and Spark both read: UTF-16, and any in which a character is a byte."""

MIN_ROWS = (1, 1_000_000)
"""Of our own."""

OUTPUT_RETENTION_DAYS = (1, 3653)
"""Of our own: S3 takes any number of days; more than ten years is a typing error."""

KEEP_TRAINING_DATA_DAYS = (0, OUTPUT_RETENTION_DAYS[1])
"""Of our own, as above; 0 deletes at once."""

CATEGORIES = (1, 1000)
"""Of our own: each level of a category is a column, and a number in every row."""

LABEL_COLUMN_LENGTH = 255
"""Of our own: a Glue argument, and a column name that every CSV tool accepts."""

# Amazon SageMaker AI: its API model, and the quotas page for the longest training.
IMAGE_LENGTH = 255
IMAGE_PATTERN = (
    r"[0-9]{{12}}\.dkr\.ecr\.{region}\.{dns_suffix}/[a-z0-9][a-z0-9._/-]*"
    r"(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{{0,127}})|@sha256:[0-9a-f]{{64}})"
)
HYPERPARAMETERS = 100
HYPERPARAMETER_NAME_PATTERN = r"[A-Za-z_][A-Za-z0-9_.-]{0,255}"
HYPERPARAMETER_VALUE_PATTERN = r"[^\x00-\x1f\x7f]{1,2500}"
ENVIRONMENT_VARIABLES = 100
ENVIRONMENT_NAME_PATTERN = r"[a-zA-Z_][a-zA-Z0-9_]{0,511}"
ENVIRONMENT_VALUE_PATTERN = r"[\s\S]{0,512}"
METRICS = 40
METRIC_NAME_PATTERN = r".{1,255}"
METRIC_REGEX_LENGTH = 500
TUNING_JOBS = (1, 750)
PARALLEL_TUNING_JOBS = (1, 100)
TUNED_PARAMETERS = 30
TUNED_VALUES = 30
TUNING_METRICS = 20
TUNING_SECONDS = 30 * 24 * 3600
"""Developer guide, "Resource Limits for Automatic Model Tuning". An account's default quota of
parallel training jobs is 10."""
TUNING_VARIABLES = 48
TUNED_VALUE_LENGTH = 256
"""API model: HyperParameterTrainingJobEnvironmentMap, ParameterValue."""
CONTENT_TYPE_PATTERN = r".{0,256}"
MIN_CLASSES = 2
MIN_ROUNDS = 1
"""Both from the hyperparameter validation of AWS's XGBoost container."""
INSTANCE_TYPE_PATTERN = r"ml\.(?P<family>[a-z]+[0-9]+[a-z]*(?:-[a-z0-9]+)?)\.[0-9]*[a-z]+"
INSTANCES = (1, 100)
VOLUME_GIGABYTES = (1, 16_384)
MAX_RUNTIME_SECONDS = (60, 28 * 24 * 3600)
"""AWS's limit is 28 days; the default quota of an account is 5 days."""

# EC2 user guide, "Instance store volumes": families with local NVMe disks, on which SageMaker
# refuses `VolumeKmsKeyId` (API model, `ResourceConfig`). Besides these, a `d` in the last letters.
LOCAL_STORAGE_FAMILIES = frozenset(
    {"g5", "g6", "g6e", "g7", "g7e", "p5", "p5e", "p5en", "p6-b200", "p6-b300", "p6e-gb200"}
    | {"trn1", "trn1n", "trn2"}
)
LOCAL_STORAGE_PATTERN = r"[a-z]+[0-9]+[a-z]*d[a-z]*"

# Tags. IAM and MWAA take 50, but the provider's default tags also go on S3 objects, which carry
# 10 (S3 user guide, "Object tags"). IAM holds keys that differ only in case to be one.
OWN_TAGS = ("project", "stack")
TAGS = 10 - len(OWN_TAGS)
TAG_KEY_LENGTH = 128
TAG_VALUE_LENGTH = 256
TAG_PUNCTUATION = "_.:/=+-@"
TAG_CATEGORIES = "LZN"
"""First letters of the Unicode categories that AWS's `[\\p{L}\\p{Z}\\p{N}...]` stands for."""

ALIAS_PATTERN = r"[a-z][a-z0-9_-]{0,30}"
"""Of our own: an account's alias becomes part of its providers' names."""
