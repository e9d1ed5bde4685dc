"""One small function per resource type, in a module per service.

To add a type: a function with `@creates(<type token>, <table of its properties>)` in the module of
its service, and that module in the list below. The outputs are those that the real provider
returns, under its names, so that the program can't tell the difference.
"""

from local.deployment.handlers import (
    ec2_gateways,
    ec2_network,
    ec2_routes,
    ec2_security_groups,
    flow_logs,
    glue,
    iam,
    kms,
    lambda_functions,
    log_groups,
    mwaa,
    random_password,
    s3_buckets,
    s3_objects,
    s3_replication,
    secrets_manager,
)
from local.deployment.resource import HANDLERS

__all__ = [
    "HANDLERS",
    "ec2_gateways",
    "ec2_network",
    "ec2_routes",
    "ec2_security_groups",
    "flow_logs",
    "glue",
    "iam",
    "kms",
    "lambda_functions",
    "log_groups",
    "mwaa",
    "random_password",
    "s3_buckets",
    "s3_objects",
    "s3_replication",
    "secrets_manager",
]
