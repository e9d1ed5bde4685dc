"""The five kinds of logs that an Amazon MWAA environment writes, each to a group of its own."""

from __future__ import annotations

import pulumi_aws as aws

LOG_KINDS = ("DAGProcessing", "Scheduler", "Task", "WebServer", "Worker")
"""What the names of the five log groups end in."""


def log_group_names(environment: str) -> dict[str, str]:
    """The log groups of an environment by kind; Amazon MWAA chose the names."""
    return {kind: f"airflow-{environment}-{kind}" for kind in LOG_KINDS}


def logging_configuration(level: str) -> aws.mwaa.EnvironmentLoggingConfigurationArgs:
    """All five kinds of logs at one level."""
    return aws.mwaa.EnvironmentLoggingConfigurationArgs(
        dag_processing_logs=aws.mwaa.EnvironmentLoggingConfigurationDagProcessingLogsArgs(
            enabled=True, log_level=level
        ),
        scheduler_logs=aws.mwaa.EnvironmentLoggingConfigurationSchedulerLogsArgs(
            enabled=True, log_level=level
        ),
        task_logs=aws.mwaa.EnvironmentLoggingConfigurationTaskLogsArgs(
            enabled=True, log_level=level
        ),
        webserver_logs=aws.mwaa.EnvironmentLoggingConfigurationWebserverLogsArgs(
            enabled=True, log_level=level
        ),
        worker_logs=aws.mwaa.EnvironmentLoggingConfigurationWorkerLogsArgs(
            enabled=True, log_level=level
        ),
    )
