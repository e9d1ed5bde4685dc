"""The kinds of mistake: the closed list of codes that a `Problem` can have."""

from __future__ import annotations

from enum import StrEnum


class Code(StrEnum):
    """What kind of mistake a problem is. A code is stable; its sentence may change."""

    # The value can't be read.
    MISSING = "missing"
    UNKNOWN_KEY = "unknown-key"
    KEY_NOT_A_STRING = "key-not-a-string"
    NOT_A_BOOLEAN = "not-a-boolean"
    NOT_A_LIST = "not-a-list"
    NOT_A_MAPPING = "not-a-mapping"
    NOT_A_NUMBER = "not-a-number"
    NOT_A_STRING = "not-a-string"
    NOT_AN_INTEGER = "not-an-integer"

    # The value is wrong by itself.
    LOCAL_STORAGE = "local-storage"
    MALFORMED = "malformed"
    NOT_A_CHOICE = "not-a-choice"
    NOT_A_CSV_FILE = "not-a-csv-file"
    NOT_A_NETWORK_ADDRESS = "not-a-network-address"
    NOT_PRIVATE = "not-private"
    OTHER_FORMAT = "other-format"
    OUT_OF_RANGE = "out-of-range"
    RESERVED_NAME = "reserved-name"
    SERVICE_NOT_IN_REGION = "service-not-in-region"
    TOO_MANY = "too-many"
    TOO_FEW_COMBINATIONS = "too-few-combinations"
    UNKNOWN_HYPERPARAMETER = "unknown-hyperparameter"
    UNKNOWN_METRIC = "unknown-metric"
    UNKNOWN_OBJECTIVE = "unknown-objective"
    UNKNOWN_REGION = "unknown-region"
    UNSUPPORTED_OBJECTIVE = "unsupported-objective"
    UNSUPPORTED_VERSION = "unsupported-version"
    UNTUNABLE_HYPERPARAMETER = "untunable-hyperparameter"
    WRONG_NUMBER = "wrong-number"

    # The value contradicts another one.
    CONFLICTING_KEYS = "conflicting-keys"
    DUPLICATE_ACCOUNT_ID = "duplicate-account-id"
    DUPLICATE_ADDRESS = "duplicate-address"
    DUPLICATE_BUCKET_NAME = "duplicate-bucket-name"
    DUPLICATE_PIPELINE_NAME = "duplicate-pipeline-name"
    DUPLICATE_REPLICATION_PRIORITY = "duplicate-replication-priority"
    DUPLICATE_TAG_KEY = "duplicate-tag-key"
    MINIMUM_ABOVE_MAXIMUM = "minimum-above-maximum"
    NEEDS_INTERNET = "needs-internet"
    NEEDS_LATER_AIRFLOW = "needs-later-airflow"
    OTHER_GOAL = "other-goal"
    OTHER_PARTITION = "other-partition"
    OVERLAPPING_BLOCKS = "overlapping-blocks"
    TOO_FEW_ADDRESSES = "too-few-addresses"
    UNKNOWN_ACCOUNT = "unknown-account"
    UNKNOWN_SOURCE = "unknown-source"

    # The value names a file that isn't fit.
    EMPTY_FILE = "empty-file"
    FORBIDDEN_ACTION = "forbidden-action"
    NEEDS_NETWORK = "needs-network"
    NO_CONSTRAINT = "no-constraint"
    NO_SUCH_FILE = "no-such-file"
    NO_WHEEL = "no-wheel"
    NOT_A_POLICY = "not-a-policy"
    NOT_A_SHELL_SCRIPT = "not-a-shell-script"
    OTHER_CONSTRAINT = "other-constraint"
    OTHER_PLATFORM = "other-platform"
    OUTSIDE_PROJECT = "outside-project"
    TOO_LONG = "too-long"
    UNKNOWN_ACTION = "unknown-action"
    UNNAMED_RESOURCE = "unnamed-resource"
    WILDCARD_ACTION = "wildcard-action"

    # AWS says otherwise, at preview.
    NOT_IN_VPC = "not-in-vpc"
    SAME_ZONE = "same-zone"
    ZONE_WITHOUT_FARGATE = "zone-without-fargate"

    # AWS may not be up to it: a warning.
    BACKUP_IN_HUB_REGION = "backup-in-hub-region"
    DAGS_ABOVE_CAPACITY = "dags-above-capacity"
    ROLES_ABOVE_QUOTA = "roles-above-quota"
    VPCS_ABOVE_QUOTA = "vpcs-above-quota"
