"""What tells the topic that the environment has failed: a rule, and a function that asks."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.functions.python_function import PythonFunctionArgs, code, python_function
from components.functions.rule import CallingRuleArgs, calling_rule
from components.monitoring import status_policies
from components.monitoring.topic import NotificationTopic
from components.pipeline.site import PipelineSite

TIMEOUT_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class EnvironmentStatusArgs:
    """`site` is the hub, `key_arn` its key, and `topic` what is told."""

    site: PipelineSite
    key_arn: pulumi.Output[str]
    topic: NotificationTopic


class EnvironmentStatus(pulumi.ComponentResource):
    """The rule on the default bus of the hub's account and Region, and the function.

    Neither waits for the environment, so that its creation is told of as well.
    """

    def __init__(
        self, name: str, args: EnvironmentStatusArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:EnvironmentStatus", name, None, opts)
        self._name = name
        self._args = args
        rule = CallingRuleArgs(
            function=self._function(),
            name=status_policies.rule_name(args.site),
            description="Changes of the environment's status",
            event_pattern=status_policies.EVENT_PATTERN,
        )
        calling_rule(name, rule, parent=self)
        self.register_outputs({})

    def _function(self) -> aws.lambda_.Function:
        args, site = self._args, self._args.site
        return python_function(
            self._name,
            PythonFunctionArgs(
                site=site,
                name=status_policies.function_name(site),
                description="Tells that the environment has failed",
                purpose=status_policies.PURPOSE,
                statements=args.key_arn.apply(
                    lambda key_arn: status_policies.status_function(site, args.topic, key_arn)
                ),
                files=code("environment_status.py"),
                key_arn=args.key_arn,
                timeout_seconds=TIMEOUT_SECONDS,
                variables={
                    "ENVIRONMENT_NAME": site.settings.names.environment(),
                    "TOPIC_ARN": args.topic.arn,
                },
            ),
            parent=self,
        ).function
