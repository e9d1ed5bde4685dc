"""The hub: Amazon MWAA, and all that it needs before a pipeline is connected to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_aws as aws

from clients.role_session import role_client
from components.aws.customer_key import CustomerKey, CustomerKeyArgs
from components.aws.customer_key_policy import grants_for_environment, log_encryption
from components.aws.inline_policy import inline_policy
from components.aws.naming import EXECUTION_ROLE, HUB_OWNER, KEY_ALIAS_LIMIT
from components.aws.policy_document import Statement
from components.aws.secure_bucket import SecureBucket, SecureBucketArgs
from components.aws.service_role import ServiceRole, service_role
from components.hub.drain import Drain
from components.hub.environment_files import EnvironmentFiles, EnvironmentFilesArgs
from components.hub.execution_policy import ExecutionScope, execution_statements, execution_trust
from components.hub.logs import log_group_names, logging_configuration
from components.hub.settings import configuration_options
from components.hub.update_hooks import update_hooks
from components.monitoring.topic import NotificationTopic
from components.network.environment_network import EnvironmentNetwork
from components.network.existing_network import existing_network
from components.network.flow_logs import flow_log_group_name
from components.network.hub_endpoints import PrivateAccess
from components.network.hub_network import HubNetwork, HubNetworkArgs
from components.pipeline.settings import PipelineSettings
from components.topology.model import MICRO_CLASS, Hub


@dataclass(frozen=True, kw_only=True)
class MwaaHubArgs:
    """`hub` is the topology's, `account_id` the account that its alias stands for.

    `project_directory` holds `dags/` and `workloads/`; files that the topology names are relative
    to it. `topic` is where the DAGs tell of failed runs. `key_statements` and `log_groups` are what
    the key allows, and which groups it encrypts, besides the environment's own. `endpoint` answers
    for AWS in its place, if given. `private` is what a network without a way to the Internet
    reaches, where the topology asks for one.
    """

    settings: PipelineSettings
    account_id: str
    hub: Hub
    project_directory: Path
    topic: NotificationTopic | None
    key_statements: Sequence[Statement] = ()
    log_groups: Sequence[str] = ()
    endpoint: str | None = None
    private: PrivateAccess | None = None


class MwaaHub(pulumi.ComponentResource):
    """The Airflow environment with its network, key, bucket, role and log groups.

    It waits for no pipeline, and no pipeline waits for it: AWS takes half an hour to make the
    environment, and the rest is deployed meanwhile. For that, the rest has to wait for
    `environment_needs` (ADR 15).
    """

    environment_name: pulumi.Output[str]
    """The environment's name, as `aws mwaa` takes it."""

    webserver_url: pulumi.Output[str]
    """The host of Airflow's page and API, without `https://`."""

    endpoint_services: Mapping[str, pulumi.Output[str]]
    """The endpoint services of the environment's database and web server, by these words."""

    environment_needs: Sequence[pulumi.Resource]
    """What the environment waits for."""

    dag_bucket_name: pulumi.Output[str]
    """The bucket whose `dags/` the environment runs."""

    dag_bucket_ready: Sequence[pulumi.Resource]
    """What has to exist before an object is written into that bucket."""

    execution_role_arn: pulumi.Output[str]
    """The role that tasks start from, and that every pipeline's role trusts."""

    execution_role_name: pulumi.Output[str]

    key_arn: pulumi.Output[str]
    """The customer key of bucket, environment, logs and connections."""

    network: EnvironmentNetwork
    """Where the environment runs."""

    def __init__(
        self, name: str, args: MwaaHubArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:MwaaHub", name, None, opts)
        self._name = name
        self._args = args
        self._environment_name = args.settings.names.environment()
        self._log_group_names = log_group_names(self._environment_name)
        self._key = self._customer_key()
        self._bucket = self._dag_bucket()
        self._role = self._execution_role()
        self.network, objects = self._network(), self._objects()
        self.environment_needs = [
            *self._bucket.ready,
            *self.network.ready,
            *self._log_groups(),
            *objects.all,
            self._role.policy,
        ]
        environment = self._environment(objects)
        self.environment_name = environment.name
        self.webserver_url = environment.webserver_url
        self.endpoint_services = {
            "database": environment.database_vpc_endpoint_service,
            "webserver": environment.webserver_vpc_endpoint_service,
        }
        self.dag_bucket_name = self._bucket.bucket_name
        self.dag_bucket_ready = self._bucket.ready
        self.execution_role_arn = self._role.role.arn
        self.execution_role_name = self._role.role.name
        self.key_arn = self._key.arn
        self.register_outputs(
            {
                "environment_name": self.environment_name,
                "webserver_url": self.webserver_url,
                "dag_bucket_name": self.dag_bucket_name,
                "execution_role_arn": self.execution_role_arn,
            }
        )

    def _child(self) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self)

    def _permissions_boundary_arn(self) -> str:
        return self._args.settings.permissions_boundary_arn(
            self._args.hub.region, self._args.account_id
        )

    def _customer_key(self) -> CustomerKey:
        """One key for bucket, environment, logs, secrets and notifications.

        Of AWS's services its policy names CloudWatch Logs, and those that publish notifications or
        send uploads' messages: the deploy role, which creates the environment, grants Amazon MWAA
        its use, and the others act for the execution role.
        """
        args = self._args
        groups = [
            *self._log_group_names.values(),
            flow_log_group_name(args.settings.names),
            *args.log_groups,
        ]
        deploy_role_arn = args.settings.deploy_role_arns[args.account_id]
        return CustomerKey(
            self._name,
            CustomerKeyArgs(
                alias=args.settings.names.of(HUB_OWNER, "key", limit=KEY_ALIAS_LIMIT),
                description="The hub's DAG bucket, environment, logs and connections",
                account_id=args.account_id,
                region=args.hub.region,
                deploy_role_arn=deploy_role_arn,
                statements=[
                    grants_for_environment(deploy_role_arn),
                    log_encryption(args.account_id, args.hub.region, groups),
                    *args.key_statements,
                ],
                protect=args.settings.protect_data,
            ),
            self._child(),
        )

    def _dag_bucket(self) -> SecureBucket:
        args = self._args
        return SecureBucket(
            f"{self._name}-dags",
            SecureBucketArgs(
                bucket_name=args.settings.names.bucket(HUB_OWNER, args.account_id, args.hub.region),
                account_id=args.account_id,
                region=args.hub.region,
                key_arn=self._key.arn,
                access_logs=args.settings.access_logs.get((args.account_id, args.hub.region)),
                organization_id=args.settings.organization_id,
                # An update that fails returns to the older versions of the files.
                leftovers_prefix="dags/",
                protect=args.settings.protect_data,
            ),
            self._child(),
        )

    def _execution_role(self) -> ServiceRole:
        args = self._args
        role_name = args.settings.names.role(HUB_OWNER, EXECUTION_ROLE)

        def policy(key_arn: str) -> str:
            scope = ExecutionScope(
                account_id=args.account_id,
                region=args.hub.region,
                environment=self._environment_name,
                dag_bucket=args.settings.names.bucket(HUB_OWNER, args.account_id, args.hub.region),
                log_groups=list(self._log_group_names.values()),
                task_log_group=self._log_group_names["Task"],
                key_arn=key_arn,
                topic=args.topic,
            )
            return inline_policy(role_name, execution_statements(scope))

        return service_role(
            f"{self._name}-execution",
            role_name=role_name,
            description="What Airflow's tasks start from; they work as a pipeline's role",
            trust=execution_trust(args.hub.region, args.account_id, self._environment_name),
            policy=self._key.arn.apply(policy),
            permissions_boundary_arn=self._permissions_boundary_arn(),
            parent=self,
        )

    def _log_groups(self) -> list[aws.cloudwatch.LogGroup]:
        """Made first: log groups that Amazon MWAA makes keep their logs for ever."""
        return [
            aws.cloudwatch.LogGroup(
                f"{self._name}-{kind}-logs",
                name=group_name,
                retention_in_days=self._args.hub.environment.log_retention_days,
                kms_key_id=self._key.arn,
                opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
            )
            for kind, group_name in self._log_group_names.items()
        ]

    def _network(self) -> EnvironmentNetwork:
        """The network that the topology names, or else one made for the environment."""
        args = self._args
        if args.hub.network.is_existing:
            return existing_network(args.hub.network, parent=self)
        made = HubNetwork(
            f"{self._name}-network",
            HubNetworkArgs(
                names=args.settings.names,
                account_id=args.account_id,
                region=args.hub.region,
                cidr_block=args.hub.network.cidr_block,
                key_arn=self._key.arn,
                log_retention_days=args.hub.environment.log_retention_days,
                permissions_boundary_arn=self._permissions_boundary_arn(),
                private=args.private,
            ),
            self._child(),
        )
        return EnvironmentNetwork(
            subnet_ids=made.private_subnet_ids,
            security_group_ids=[made.security_group_id],
            ready=made.ready,
            new_vpc_id=made.vpc_id,
            private=made.private,
        )

    def _objects(self) -> EnvironmentFiles:
        return EnvironmentFiles(
            f"{self._name}-files",
            EnvironmentFilesArgs(
                bucket_name=self._bucket.bucket_name,
                bucket_ready=self._bucket.ready,
                environment=self._args.hub.environment,
                project_directory=self._args.project_directory,
                private=self._args.private is not None,
            ),
            self._child(),
        )

    def _hooks(self) -> pulumi.ResourceHookBinding | None:
        """What lets the tasks end before an update, unless the topology doesn't wait for them."""
        args, updates = self._args, self._args.hub.environment.updates
        if not updates.drain_minutes:
            return None
        drain = Drain(
            connect=lambda: role_client(
                "mwaa",
                args.account_id,
                args.settings.deploy_role_arns[args.account_id],
                region=args.hub.region,
                endpoint=args.endpoint,
            ),
            environment=self._environment_name,
            minutes=updates.drain_minutes,
            stop_if_running=updates.if_still_running == "stop",
            say=pulumi.log.info,
            warn=pulumi.log.warn,
        )
        return update_hooks(f"{self._name}-environment", drain)

    def _environment(self, objects: EnvironmentFiles) -> aws.mwaa.Environment:
        settings = self._args.hub.environment
        scaling = settings.scaling
        return aws.mwaa.Environment(
            f"{self._name}-environment",
            name=self._environment_name,
            airflow_version=settings.airflow_version,
            environment_class=settings.class_,
            min_workers=scaling.min_workers,
            max_workers=scaling.max_workers,
            schedulers=scaling.schedulers,
            min_webservers=scaling.min_webservers,
            max_webservers=scaling.max_webservers,
            airflow_configuration_options=configuration_options(
                self._environment_name, settings.configuration_options
            ),
            source_bucket_arn=self._bucket.bucket_arn,
            dag_s3_path="dags",
            startup_script_s3_path=objects.startup_script.key,
            startup_script_s3_object_version=objects.startup_script.version_id,
            plugins_s3_path=objects.plugins_key,
            plugins_s3_object_version=objects.plugins_version,
            requirements_s3_path=objects.requirements_key,
            requirements_s3_object_version=objects.requirements_version,
            execution_role_arn=self._role.role.arn,
            kms_key=self._key.arn,
            network_configuration=aws.mwaa.EnvironmentNetworkConfigurationArgs(
                subnet_ids=self.network.subnet_ids,
                security_group_ids=self.network.security_group_ids,
            ),
            # An environment is replaced to change it; None leaves each as it was made.
            endpoint_management="CUSTOMER" if self._args.hub.network.is_customer_managed else None,
            webserver_access_mode=settings.webserver_access_mode,
            weekly_maintenance_window_start=settings.weekly_maintenance_window_start,
            logging_configuration=logging_configuration(settings.log_level),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=self.environment_needs,
                delete_before_replace=True,
                # Deleting the environment deletes its database: every run, variable and paused DAG.
                protect=self._args.settings.protect_data,
                # Amazon MWAA can't make an environment start or stop scaling.
                replacement_trigger="single" if settings.class_ == MICRO_CLASS else "scaling",
                hooks=self._hooks(),
            ),
        )
