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
    files = [f"{bucket}/{key}" for bucket in scope.pipeline_buckets() for key in _FILES]
    return [
        program_files(files),
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
