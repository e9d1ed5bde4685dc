"""The physical names of a data pipeline's Glue job, and of what belongs to it."""

from __future__ import annotations

from components.aws.naming import GLUE_NAME_LIMIT
from components.pipeline.site import PipelineSite

ROLE = "glue"
"""The purpose of the job's role, which its name ends with."""

LOG_KINDS = ("error", "output")
"""What the names of Glue's log groups end in."""


def job_name(site: PipelineSite) -> str:
    """The job's physical name."""
    return site.name_of("mwaa_glue_raw_to_transform", limit=GLUE_NAME_LIMIT)


def security_name(site: PipelineSite) -> str:
    """The name of the job's security configuration."""
    return site.name_of("glue", limit=GLUE_NAME_LIMIT)


def connection_name(site: PipelineSite, number: int) -> str:
    """The name of the connection to the job's subnet of that number, from 1."""
    return site.name_of(f"network-{number}", limit=GLUE_NAME_LIMIT)


def log_prefix(site: PipelineSite) -> str:
    """What the names of the job's log groups begin with, less the slash."""
    return f"/aws-glue/{job_name(site)}"


def log_group_name(site: PipelineSite, kind: str) -> str:
    """The log group of a kind that Glue writes to.

    With a security configuration that encrypts logs, Glue puts the configuration's name and the
    role's between prefix and kind (AWS Glue developer guide, "Logging for AWS Glue jobs").
    """
    return f"{log_prefix(site)}/{security_name(site)}-role/{site.role_name(ROLE)}/{kind}"


def log_groups(site: PipelineSite) -> str:
    """A pattern for all of the job's log groups, which its role and the pipeline's key know.

    Everything below the prefix: where the key refuses a group, Glue silently logs nothing.
    """
    return f"{log_prefix(site)}/*"
