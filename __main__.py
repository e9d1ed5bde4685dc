"""Deploys the hub and its pipelines: reads the topology, wires the components, exports outputs."""

import gc
from pathlib import Path

import pulumi

from components.aws.naming import HUB_OWNER
from components.connections.hub_connections import HubConnections, HubConnectionsArgs
from components.data_pipeline.regional_data_pipeline import (
    RegionalDataPipeline,
    RegionalDataPipelineArgs,
)
from components.hub.mwaa_hub import MwaaHub
from components.ml_pipeline.hyperparameters import xgboost_trainings
from components.ml_pipeline.regional_ml_pipeline import RegionalMlPipeline, RegionalMlPipelineArgs
from components.monitoring.dashboard import dashboard_name
from components.pipeline.site import PipelineSite
from components.program.access import grant_access
from components.program.backup import back_up_metadata
from components.program.environment_endpoints import make_environment_endpoints
from components.program.hub_args import hub_args
from components.program.monitoring import watch
from components.program.private_network import reach_other_regions
from components.program.settings import settings_of
from components.program.stack import load_stack
from components.program.uploads import start_on_uploads
from components.providers import operator_role_arns
from components.replication.cross_region_replication import (
    CrossRegionReplication,
    CrossRegionReplicationArgs,
)

ROOT = Path(__file__).parent

# Pulumi's packages are a million objects that stay until the end. Looking for garbage among them as
# often as Python does by default takes a sixth of the program's time.
gc.set_threshold(50_000, 20, 100)

stack = load_stack(ROOT)
topology, names = stack.topology, stack.names
hub_account_id, hub_region = stack.hub_account_id, stack.hub_region
settings = settings_of(stack)
hub_site = PipelineSite(
    settings=settings, name=HUB_OWNER, account_id=hub_account_id, region=hub_region
)
in_hub = stack.providers.at(topology.hub.account, hub_region)
hub = MwaaHub(HUB_OWNER, hub_args(stack, hub_site, ROOT), in_hub)
# A deployment's requests to AWS are queued. Where the rest waits too, the environment, which takes
# half an hour, is next in the queue once its needs are there (ADR 15).
after_needs = pulumi.ResourceOptions(depends_on=hub.environment_needs)


def beside_environment(account: str, region: str) -> pulumi.ResourceOptions:
    """The options of what is deployed while AWS makes the environment."""
    return pulumi.ResourceOptions.merge(stack.providers.at(account, region), after_needs)


connections_args = HubConnectionsArgs(
    site=hub_site,
    hub=hub,
    reached=[*topology.data_pipelines, *topology.ml_pipelines, *topology.access],
    rotation_days=topology.hub.rotation_days,
    dags_directory=ROOT / "dags",
    topic_arn=stack.topic.arn if stack.topic else None,
)
beside_hub = beside_environment(topology.hub.account, hub_region)
connections = HubConnections(f"{HUB_OWNER}-connections", connections_args, beside_hub)
settings = settings.rotated(connections.rotations)
watch(stack, hub_site, hub.key_arn, beside_environment)
if hub.network.private is not None:
    reach_other_regions(stack, hub.network.private, beside_environment)
data_pipelines, ml_pipelines = {}, {}
for name, data in topology.data_pipelines.items():
    data_args = RegionalDataPipelineArgs(
        settings=settings.protecting(data.protect_data),
        account_id=stack.account_id(data.account),
        pipeline=data,
        root=ROOT,
        trainings=xgboost_trainings(topology, name),
        is_replicated=bool(topology.ml_pipelines_of(name)),
    )
    where = beside_environment(data.account, data.region)
    data_pipelines[name] = RegionalDataPipeline(name, data_args, where)
sites = {name: each.replication_source.site for name, each in data_pipelines.items()}
for name, ml in topology.ml_pipelines.items():
    ml_args = RegionalMlPipelineArgs(
        settings=settings.protecting(ml.protect_data),
        account_id=stack.account_id(ml.account),
        pipeline=ml,
        sources=[sites[source] for source in ml.data_pipelines()],
        root=ROOT,
    )
    where = beside_environment(ml.account, ml.region)
    ml_pipelines[name] = RegionalMlPipeline(name, ml_args, where)

accesses = grant_access(stack, settings, ROOT, beside_environment)
for name, data in topology.data_pipelines.items():
    trained = topology.ml_pipelines_of(name)
    if trained:
        replication_args = CrossRegionReplicationArgs(
            source=data_pipelines[name].replication_source,
            destinations={ml: ml_pipelines[ml].replication_destination for ml in trained},
        )
        where = beside_environment(data.account, data.region)
        CrossRegionReplication(f"{name}-replication", replication_args, where)
reachable: list[pulumi.Resource] = []
if stack.upload_keys:
    uploads = start_on_uploads(stack, hub, hub_site, sites, beside_environment)
    pulumi.export("uploads", uploads.outputs)
    reachable = uploads.reachable
backup = back_up_metadata(stack, hub, hub_site, beside_environment, reachable)
if backup is not None:
    pulumi.export("backup", backup)
connections.connect(
    {name: each.connected for name, each in data_pipelines.items()},
    {name: each.connected for name, each in ml_pipelines.items()},
    {name: each.connected for name, each in accesses.items()},
)

pulumi.export("hub_account_id", hub_account_id)
pulumi.export("hub_region", hub_region)
pulumi.export("tags", {key: stack.tags[key] for key in ("project", "stack")})
pulumi.export("alarm_name_prefix", f"{names.prefix}-{HUB_OWNER}-")
pulumi.export("dashboard_name", dashboard_name(names))
pulumi.export("operator_role_arns", operator_role_arns(topology, names))
pulumi.export("environment_name", hub.environment_name)
pulumi.export("airflow_webserver_url", hub.webserver_url)
make_environment_endpoints(stack, hub.endpoint_services)
if topology.hub.network.is_customer_managed:
    pulumi.export("environment_endpoint_services", hub.endpoint_services)
pulumi.export("dag_bucket_name", hub.dag_bucket_name)
pulumi.export("execution_role_arn", hub.execution_role_arn)
pulumi.export("data_pipelines", {name: each.outputs for name, each in data_pipelines.items()})
pulumi.export("ml_pipelines", {name: each.outputs for name, each in ml_pipelines.items()})
if accesses:
    pulumi.export("access", {name: each.outputs for name, each in accesses.items()})
