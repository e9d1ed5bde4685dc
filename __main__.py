"""Deploys the hub and its pipelines: reads the topology, wires the components, exports outputs."""

import gc
from pathlib import Path

import pulumi

from components.aws.arns import role_arn
from components.aws.naming import EXECUTION_ROLE, HUB_OWNER, Names, StackNameError
from components.connections.hub_connections import HubConnections, HubConnectionsArgs
from components.data_pipeline.regional_data_pipeline import (
    RegionalDataPipeline,
    RegionalDataPipelineArgs,
)
from components.hub.mwaa_hub import MwaaHub, MwaaHubArgs
from components.ml_pipeline.hyperparameters import xgboost_trainings
from components.ml_pipeline.regional_ml_pipeline import RegionalMlPipeline, RegionalMlPipelineArgs
from components.monitoring.environment_alarms import environment_alarms
from components.monitoring.hub_monitoring import HubMonitoring, HubMonitoringArgs
from components.monitoring.policies import alarms_of, alarms_use_key
from components.monitoring.topic import topic_of
from components.pipeline.settings import PipelineSettings
from components.pipeline.site import PipelineSite
from components.providers import Providers, deploy_role_arns, operator_role_arns
from components.replication.cross_region_replication import (
    CrossRegionReplication,
    CrossRegionReplicationArgs,
)
from components.topology.loading import load_topology, parsed
from components.topology.problems import TopologyError
from components.topology.quotas import warnings
from components.uploads.alarms import upload_alarms
from components.uploads.hub_uploads import HubUploads, HubUploadsArgs, UploadSource
from components.uploads.names import function_log_group
from components.uploads.pipeline_uploads import PipelineUploads, PipelineUploadsArgs
from components.uploads.policies import message_encryption

ROOT = Path(__file__).parent

# Pulumi's packages are a million objects that stay until the end. Looking for garbage among them as
# often as Python does by default takes a sixth of the program's time.
gc.set_threshold(50_000, 20, 100)

config = pulumi.Config()
try:
    names = Names(project=pulumi.get_project(), stack=pulumi.get_stack())
    topology = load_topology(parsed(config.get("topology")), names=names, root=ROOT)
except (StackNameError, TopologyError) as error:
    # Pulumi prints a RunError as it is, and anything else with a traceback.
    raise pulumi.RunError(str(error)) from None
for warning in warnings(topology):
    pulumi.log.warn(str(warning))
account_ids = {alias: account.id for alias, account in topology.accounts.items()}
tags = {"project": names.project, "stack": names.stack, **topology.tags}
providers = Providers(topology, names, tags=tags, endpoint=config.get("endpoint"))
hub_account_id, hub_region = account_ids[topology.hub.account], topology.hub.region
in_hub = providers.at(topology.hub.account, hub_region)
settings = PipelineSettings(
    names=names,
    hub_account_id=hub_account_id,
    # Computed: a pipeline trusts a name, and so waits for nothing of the hub.
    execution_role_arn=role_arn(hub_region, hub_account_id, names.role(HUB_OWNER, EXECUTION_ROLE)),
    random_provider=providers.random,
    log_retention_days=topology.hub.environment.log_retention_days,
    protect_data=topology.protect_data,
    permissions_boundary=topology.permissions_boundary or names.boundary,
    deploy_role_arns=deploy_role_arns(topology, names),
)

topic = topic_of(topology, names)
hub_site = PipelineSite(
    settings=settings, name=HUB_OWNER, account_id=hub_account_id, region=hub_region
)
upload_keys = topology.upload_keys()
key_statements = []
if topic and topic.is_own:
    key_statements.append(alarms_use_key(alarms_of(names, hub_account_id, hub_region)))
if upload_keys:
    key_statements.append(message_encryption(hub_site))
hub_args = MwaaHubArgs(
    settings=settings,
    account_id=hub_account_id,
    hub=topology.hub,
    project_directory=ROOT,
    topic=topic,
    key_statements=key_statements,
    log_groups=[function_log_group(hub_site)] if upload_keys else [],
)
hub = MwaaHub(HUB_OWNER, hub_args, in_hub)
# A deployment's requests to AWS are queued. Where the rest waits too, the environment, which takes
# half an hour, is next in the queue once its needs are there (ADR 15).
after_needs = pulumi.ResourceOptions(depends_on=hub.environment_needs)


def beside_environment(account: str, region: str) -> pulumi.ResourceOptions:
    """The options of what is deployed while AWS makes the environment."""
    return pulumi.ResourceOptions.merge(providers.at(account, region), after_needs)


alarms = [
    *environment_alarms(topology.hub.alarms, names.environment()),
    *(upload_alarms(topology.hub.alarms, hub_site) if upload_keys else []),
]
monitoring_args = HubMonitoringArgs(
    names=names,
    account_id=hub_account_id,
    region=hub_region,
    alarms=alarms,
    notifications=topology.notifications,
    topic=topic,
    key_arn=hub.key_arn,
)
beside_hub = beside_environment(topology.hub.account, hub_region)
HubMonitoring(f"{HUB_OWNER}-monitoring", monitoring_args, beside_hub)
data_pipelines, ml_pipelines = {}, {}
for name, data in topology.data_pipelines.items():
    data_args = RegionalDataPipelineArgs(
        settings=settings,
        account_id=account_ids[data.account],
        pipeline=data,
        trainings=xgboost_trainings(topology, name),
    )
    where = beside_environment(data.account, data.region)
    data_pipelines[name] = RegionalDataPipeline(name, data_args, where)
for name, ml in topology.ml_pipelines.items():
    source = data_pipelines[ml.source].replication_source.site
    ml_args = RegionalMlPipelineArgs(
        settings=settings, account_id=account_ids[ml.account], pipeline=ml, source=source
    )
    where = beside_environment(ml.account, ml.region)
    ml_pipelines[name] = RegionalMlPipeline(name, ml_args, where)

for name, data in topology.data_pipelines.items():
    trained = topology.ml_pipelines_of(name)
    if trained:
        replication_args = CrossRegionReplicationArgs(
            source=data_pipelines[name].replication_source,
            destinations={ml: ml_pipelines[ml].replication_destination for ml in trained},
        )
        where = beside_environment(data.account, data.region)
        CrossRegionReplication(f"{name}-replication", replication_args, where)
if upload_keys:
    sources = {
        name: UploadSource(site=data_pipelines[name].replication_source.site, keys=keys)
        for name, keys in upload_keys.items()
    }
    uploads_args = HubUploadsArgs(
        site=hub_site, key_arn=hub.key_arn, network=hub.network, sources=sources
    )
    uploads = HubUploads(f"{HUB_OWNER}-uploads", uploads_args, beside_hub)
    for name in upload_keys:
        sender_args = PipelineUploadsArgs(
            source=sources[name], hub=hub_site, received=uploads.received[name]
        )
        data = topology.data_pipelines[name]
        where = beside_environment(data.account, data.region)
        PipelineUploads(f"{name}-uploads", sender_args, where)
    pulumi.export("uploads", uploads.outputs)
connections_args = HubConnectionsArgs(
    names=names,
    hub=hub,
    data_pipelines={name: each.connected for name, each in data_pipelines.items()},
    ml_pipelines={name: each.connected for name, each in ml_pipelines.items()},
    dags_directory=ROOT / "dags",
    topic_arn=topic.arn if topic else None,
)
HubConnections(f"{HUB_OWNER}-connections", connections_args, beside_hub)

pulumi.export("hub_account_id", hub_account_id)
pulumi.export("hub_region", hub_region)
pulumi.export("alarm_name_prefix", f"{names.prefix}-{HUB_OWNER}-")
pulumi.export("operator_role_arns", operator_role_arns(topology, names))
pulumi.export("environment_name", hub.environment_name)
pulumi.export("airflow_webserver_url", hub.webserver_url)
pulumi.export("dag_bucket_name", hub.dag_bucket_name)
pulumi.export("execution_role_arn", hub.execution_role_arn)
pulumi.export("data_pipelines", {name: each.outputs for name, each in data_pipelines.items()})
pulumi.export("ml_pipelines", {name: each.outputs for name, each in ml_pipelines.items()})
