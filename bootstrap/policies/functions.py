"""What a deploy role needs for Lambda functions, in the hub's account and in the pipelines'."""

from __future__ import annotations

from bootstrap.policies.scope import Scope
from components.aws.policy_document import Statement, statement


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


def invoked_by_events(scope: Scope) -> Statement:
    """The statement for rules that call a function: EventBridge, and no one else, may do that."""
    return statement(
        "FunctionPolicies",
        ["lambda:AddPermission", "lambda:GetPolicy", "lambda:RemovePermission"],
        scope.arn("lambda", f"function:{scope.prefix}-*"),
        {"StringEqualsIfExists": {"lambda:Principal": "events.amazonaws.com"}},
    )
