"""What holds where a topology says nothing, value by value, as docs/configuration.md says it."""

from __future__ import annotations

from components.ml_pipeline.hyperparameters import hyperparameters_of
from components.topology.model import (
    Account,
    Backup,
    DataPipeline,
    Environment,
    Hub,
    MlPipeline,
    Topology,
)


def test_of_the_stack() -> None:
    topology = Topology(accounts={}, hub=Hub(account="a", region="r"), data_pipelines={})
    assert topology.model_dump(exclude={"hub"}) == {
        "access": {},
        "access_logs": True,
        "accounts": {},
        "data_pipelines": {},
        "ml_pipelines": {},
        "notifications": {"emails": (), "https_endpoints": (), "topic_arn": None},
        "organization_id": None,
        "permissions_boundary": None,
        "protect_data": False,
        "tags": {},
    }


def test_of_an_account() -> None:
    assert Account(id="111111111111").model_dump() == {
        "id": "111111111111",
        "deploy_role_arn": None,
        "monthly_budget": None,
    }


def test_of_the_hub() -> None:
    assert Hub(account="a", region="r").model_dump() == {
        "account": "a",
        "region": "r",
        "environment": {
            "class_": "mw1.small",
            "airflow_version": "3.3.1",
            "min_workers": None,
            "max_workers": None,
            "schedulers": None,
            "min_webservers": None,
            "max_webservers": None,
            "webserver_access_mode": "PRIVATE_ONLY",
            "weekly_maintenance_window_start": "SUN:03:00",
            "configuration_options": {},
            "requirements_file": None,
            "wheels": None,
            "plugins": None,
            "startup_script_file": None,
            "log_level": "INFO",
            "log_retention_days": 365,
            "updates": {"drain_minutes": 30, "if_still_running": "stop"},
        },
        "network": {
            "mode": "nat",
            "cidr_block": "10.192.0.0/16",
            "regional_cidr_block": "10.193.0.0/16",
            "connectivity": "peering",
            "endpoint_management": "SERVICE",
            "endpoints": None,
            "vpc_id": None,
            "subnet_ids": (),
            "security_group_ids": (),
        },
        "alarms": {
            "scheduler_heartbeat_minutes": 10,
            "import_errors": 0,
            "oldest_queued_task_seconds": 1800,
            "starving_tasks": 0,
            "failed_tasks_per_hour": 10,
            "cpu_percent": 95,
            "memory_percent": 95,
            "database_free_memory_mib": 512,
            "replication_seconds": 1800,
            "rotation_errors": 0,
            "oldest_upload_seconds": 3600,
            "dead_uploads": 0,
            "start_function_errors": 0,
            "lost_uploads": 0,
        },
        "backup": None,
        "rotation_days": 90,
    }


def test_of_backups() -> None:
    assert Backup(region="r").model_dump() == {"region": "r", "every_hours": 24, "keep_days": 35}


def test_of_a_data_pipeline() -> None:
    assert DataPipeline(account="a", region="r").model_dump() == {
        "account": "a",
        "region": "r",
        "raw_key": "raw/ml_train_data.csv",
        "start": {
            "schedule": None,
            "timezone": "UTC",
            "catchup_from": None,
            "on_upload": None,
        },
        "input": {
            "format": "csv",
            "delimiter": ",",
            "quote": '"',
            "decimal": ".",
            "thousands": "",
            "encoding": "utf-8",
            "header": (),
            "missing": (),
        },
        "label_column": "label",
        "columns": {},
        "max_rejected_fraction": 0.1,
        "drop_duplicates": False,
        "split": {"by": "record", "column": None, "validation_from": None},
        "min_rows": 10,
        "output_retention_days": None,
        "glue": {
            "version": "5.1",
            "worker_type": "G.1X",
            "workers": 2,
            "timeout_minutes": 60,
            "max_concurrent_runs": 10,
            "flex": False,
            "autoscaling": False,
            "script": None,
            "arguments": {},
            "inputs": {},
            "files": (),
            "python_modules": (),
        },
        "network": None,
        "expect_every_hours": None,
        "protect_data": None,
    }


def test_of_an_ml_pipeline() -> None:
    assert MlPipeline(account="a", region="r", source="s").model_dump() == {
        "account": "a",
        "region": "r",
        "source": "s",
        "sources": (),
        "trains_when": "all",
        "training": {
            "algorithm": "xgboost",
            "image": None,
            "source_dir": None,
            "entry_point": "train.py",
            "hyperparameters": {},
            "tuning": None,
            "channels": {},
            "environment": {},
            "metrics": {},
            "instance_type": "ml.m5.xlarge",
            "instance_count": 1,
            "volume_size_gb": 30,
            "max_runtime_seconds": 3600,
            "spot": False,
            "max_wait_seconds": None,
        },
        "network": None,
        "keep_training_data_days": 7,
        "expect_every_hours": None,
        "protect_data": None,
    }


def test_what_is_learned_where_nothing_is_said() -> None:
    pipeline = MlPipeline(account="a", region="r", source="s")
    assert hyperparameters_of(pipeline) == {
        "objective": "binary:logistic",
        "num_round": "50",
        "max_depth": "5",
        "eta": "0.2",
    }


def test_a_default_never_crosses_a_chosen_end() -> None:
    scaling = Environment(max_webservers=1, min_workers=11).scaling
    assert (scaling.min_webservers, scaling.max_webservers) == (1, 1)
    assert (scaling.min_workers, scaling.max_workers) == (11, 11)
