"""The flow logs of the hub's network, and the role that writes them."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aws.inline_policy import inline_policy
from components.aws.naming import HUB_OWNER, LOG_GROUP_NAME_LIMIT, Names
from components.aws.service_role import service_role
from components.network.flow_logs_policy import flow_log_statements, flow_log_trust


@dataclass(frozen=True, kw_only=True)
class FlowLogsArgs:
    """`key_arn` encrypts the log group; its policy has to name `flow_log_group_name`."""

    names: Names
    account_id: str
    region: str
    vpc_id: pulumi.Input[str]
    key_arn: pulumi.Input[str]
    log_retention_days: int
    permissions_boundary_arn: str


def flow_log_group_name(names: Names) -> str:
    """The log group of the network's flow logs."""
    return names.of(HUB_OWNER, "flow-logs", limit=LOG_GROUP_NAME_LIMIT)


class FlowLogs(pulumi.ComponentResource):
    """A record of all traffic, accepted and rejected, in a log group that only its role writes."""

    def __init__(
        self, name: str, args: FlowLogsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:FlowLogs", name, None, opts)
        group_name = flow_log_group_name(args.names)
        role_name = args.names.role(HUB_OWNER, "flow-logs")
        group = aws.cloudwatch.LogGroup(
            f"{name}-group",
            name=group_name,
            retention_in_days=args.log_retention_days,
            kms_key_id=args.key_arn,
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
        made = service_role(
            name,
            role_name=role_name,
            description="Writes the flow logs of the hub's network",
            trust=flow_log_trust(args.region, args.account_id),
            policy=inline_policy(
                role_name, flow_log_statements(args.region, args.account_id, group_name)
            ),
            permissions_boundary_arn=args.permissions_boundary_arn,
            parent=self,
        )
        aws.ec2.FlowLog(
            f"{name}-log",
            vpc_id=args.vpc_id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=group.arn,
            iam_role_arn=made.role.arn,
            tags={"Name": group_name},
            # EC2 takes one flow log of a network to one destination.
            opts=pulumi.ResourceOptions(
                parent=self, depends_on=[made.policy], delete_before_replace=True
            ),
        )
        self.register_outputs({})
