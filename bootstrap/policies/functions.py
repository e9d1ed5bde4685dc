"""What a deploy role needs for Lambda functions, in the hub's account and in the pipelines'."""

from __future__ import annotations

from bootstrap.policies.scope import Scope
from components.aws.policy_document import Statement, statement

_CALLING = ("events.amazonaws.com", "secretsmanager.amazonaws.com")


def functions(scope: Scope) -> Statement:
    """The statement for the stack's functions."""
    return statement(
        "Functions",
        [
            "lambda:CreateFunction",
            "lambda:DeleteFunction",
            "lambda:GetFunction",
            "lambda:GetFunctionCodeSigningConfig",
            "lambda:GetFunctionConfiguration",
            "lambda:GetRuntimeManagementConfig",
            "lambda:ListTags",
            "lambda:ListVersionsByFunction",
            "lambda:TagResource",
            "lambda:UntagResource",
            "lambda:UpdateFunctionCode",
            "lambda:UpdateFunctionConfiguration",
        ],
        scope.arn("lambda", f"function:{scope.prefix}-*"),
    )


def invoked_by_services(scope: Scope) -> Statement:
    """The statement for functions that EventBridge or Secrets Manager, and no others, may call."""
    return statement(
        "FunctionPolicies",
        ["lambda:AddPermission", "lambda:GetPolicy", "lambda:RemovePermission"],
        scope.arn("lambda", f"function:{scope.prefix}-*"),
        {"StringEqualsIfExists": {"lambda:Principal": list(_CALLING)}},
    )
