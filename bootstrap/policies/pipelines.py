"""What a deploy role needs in an account with pipelines: jobs, functions and rules."""

from __future__ import annotations

from bootstrap.policies.functions import functions
from bootstrap.policies.program_files import program_files
from bootstrap.policies.scope import Scope
from bootstrap.policies.uploads import event_rules
from components.aws.policy_document import EVERYTHING, Statement, statement
from components.pipeline.object_keys import CONFIG, SCRIPTS

_FILES = (f"{CONFIG}*", f"{SCRIPTS}*")


def pipelines(scope: Scope) -> list[Statement]:
    """The statements for an account with pipelines."""
    # With account and Region, since a `*` goes past a slash: into the keys of other objects.
    buckets = [
        scope.bucket_arn(f"{scope.prefix}-*-{scope.account_id}-{region}")
        for region in scope.regions
    ]
    return [
        program_files([f"{bucket}/{key}" for bucket in buckets for key in _FILES]),
        statement(
            "GlueJobs",
            [
                "glue:CreateJob",
                "glue:DeleteJob",
                "glue:GetJob",
                "glue:GetTags",
                "glue:TagResource",
                "glue:UntagResource",
                "glue:UpdateJob",
            ],
            scope.arn("glue", f"job/{scope.prefix}-*"),
        ),
        # Glue knows no resource for these.
        statement(
            "GlueSecurityConfigurations",
            [
                "glue:CreateSecurityConfiguration",
                "glue:DeleteSecurityConfiguration",
                "glue:GetSecurityConfiguration",
            ],
            EVERYTHING,
        ),
        functions(scope),
        event_rules(scope),
    ]
