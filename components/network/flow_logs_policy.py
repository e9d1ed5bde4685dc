"""Who may write flow logs, and where: pure functions of names and ARNs."""

from __future__ import annotations

from components.aws.arns import log_group_arn, service_arn
from components.aws.policy_document import EVERYTHING, Statement, service_trust, statement


def flow_log_trust(region: str, account_id: str) -> str:
    """Lets the account's own flow logs assume the role that writes them."""
    return service_trust(
        "vpc-flow-logs.amazonaws.com",
        condition={
            "StringEquals": {"aws:SourceAccount": account_id},
            "ArnLike": {"aws:SourceArn": service_arn("ec2", region, account_id, "vpc-flow-log/*")},
        },
    )


def flow_log_statements(region: str, account_id: str, log_group: str) -> list[Statement]:
    """What writing flow logs to one log group takes."""
    group = log_group_arn(region, account_id, log_group)
    return [
        statement(
            "WriteFlowLogs",
            ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            [group, f"{group}:*"],
        ),
        # Knows no resource narrower than all groups.
        statement("FindLogGroup", "logs:DescribeLogGroups", EVERYTHING),
    ]
