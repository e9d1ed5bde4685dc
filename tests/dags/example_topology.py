"""Two data pipelines, four ML pipelines, one of which trains on both, and an access."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cross_account.topology_file import TopologyFile

EXTERNAL_ID = "external-id-of-{name}"

SECRETS = "unified-pipelines-dev-hub-airflow/connections"


def topology() -> dict[str, Any]:
    """A fresh `topology.json` as the deployment writes it."""
    return {
        "version": 1,
        "hub": {
            "stack": "unified-pipelines-dev",
            "region": "us-east-1",
            "notification_topic_arn": None,
        },
        "data_pipelines": {
            "east1": _data("east1", "222222222222", "us-east-1"),
            "europe1": {
                **_data("europe1", "333333333333", "eu-west-1"),
                "glue_max_concurrent_runs": 2,
            },
        },
        "ml_pipelines": {
            "west2": _ml("west2", "222222222222", "us-west-2", "east1"),
            "west3": _ml("west3", "444444444444", "us-west-2", "east1"),
            "europe2": {
                **_ml("europe2", "333333333333", "eu-central-1", "europe1"),
                "training_job_name_prefix": "abcdefgh",
                "tuning_rounds": 5,
            },
            "world": _ml("world", "222222222222", "us-west-2", ["east1", "europe1"]),
        },
        "access": {"reports": _entry("reports", "555555555555", "us-east-1")},
    }


def read(content: object) -> TopologyFile:
    """`content` as the DAGs read it; pydantic's ValidationError says what is wrong."""
    # Airflow must be configured before anything of it is imported.
    from cross_account.topology_file import TopologyFile

    return TopologyFile.model_validate_json(json.dumps(content))


def pipelines() -> dict[str, dict[str, Any]]:
    """Every pipeline's entry by its name."""
    both = topology()
    return {**both["data_pipelines"], **both["ml_pipelines"]}


def reached() -> dict[str, dict[str, Any]]:
    """Every pipeline's and access's entry by its name."""
    return {**pipelines(), **topology()["access"]}


def connection(name: str) -> dict[str, Any]:
    """The content of the secret of a pipeline's or an access's connection."""
    entry = reached()[name]
    return {
        "conn_type": "aws",
        "extra": {
            "role_arn": entry["cross_account_role_arn"],
            "region_name": entry["region"],
            "assume_role_kwargs": {"ExternalId": EXTERNAL_ID.format(name=name)},
            "config_kwargs": {"retries": {"mode": "standard", "max_attempts": 10}},
        },
    }


def _entry(name: str, account_id: str, region: str) -> dict[str, Any]:
    role = f"unified-pipelines-dev-{name}-crossaccount"
    return {
        "name": name,
        "connection_id": f"aws_crossaccount_role_conn_{name}",
        "account_id": account_id,
        "region": region,
        "cross_account_role_arn": f"arn:aws:iam::{account_id}:role/{role}",
    }


def _both(name: str, account_id: str, region: str) -> dict[str, Any]:
    return {
        **_entry(name, account_id, region),
        "bucket_name": f"unified-pipelines-dev-{name}-{account_id}-{region}",
    }


def _data(name: str, account_id: str, region: str) -> dict[str, Any]:
    return {
        **_both(name, account_id, region),
        "raw_key": "raw/ml_train_data.csv",
        "schedule": None,
        "timezone": "UTC",
        "catchup_from": None,
        "glue_job_name": f"unified-pipelines-dev-{name}-mwaa_glue_raw_to_transform",
        "glue_timeout_minutes": 60,
        "glue_max_concurrent_runs": 10,
    }


def _ml(name: str, account_id: str, region: str, source: str | list[str]) -> dict[str, Any]:
    several = isinstance(source, list)
    return {
        **_both(name, account_id, region),
        **({"sources": source, "trains_when": "all"} if several else {"source": source}),
        "algorithm": "xgboost",
        "training_config_key": "config/training_config.json",
        "training_job_name_prefix": f"unified-pipelines-dev-{name}",
        "max_runtime_seconds": 3600,
        "cleanup_function_name": f"unified-pipelines-dev-{name}-dagcleanup",
        "cleanup_timeout_seconds": 300,
    }
