"""Deploys the hub and its pipelines: reads the topology, wires the components, exports outputs."""

import gc
from pathlib import Path

import pulumi

from components.aws.naming import (
    EXECUTION_ROLE,
    HUB_OWNER,
    Names,
    StackNameError,
    connection_id,
    role_arn,
)
from components.data_pipeline.regional_data_pipeline import (
    RegionalDataPipeline,
    RegionalDataPipelineArgs,
)
from components.hub.mwaa_hub import MwaaHub, MwaaHubArgs
from components.ml_pipeline.regional_ml_pipeline import RegionalMlPipeline, RegionalMlPipelineArgs
from components.pipeline.settings import PipelineSettings
from components.providers import Providers
from components.replication.cross_region_replication import (
    CrossRegionReplication,
    CrossRegionReplicationArgs,
)
from components.topology.loading import load_topology, parsed
from components.topology.problems import TopologyError

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
account_ids = {alias: account.id for alias, account in topology.accounts.items()}
hub_account_id = account_ids[topology.hub.account]
providers = Providers(
    topology,
    tags={"project": names.project, "stack": names.stack, **topology.tags},
    endpoint=config.get("endpoint"),
)
settings = PipelineSettings(
    names=names,
    hub_account_id=hub_account_id,
    # Computed: a pipeline trusts a name, and so waits for nothing of the hub.
    execution_role_arn=role_arn(
        topology.hub.region, hub_account_id, names.role(HUB_OWNER, EXECUTION_ROLE)
    ),
    random_provider=providers.random,
    log_retention_days=topology.hub.environment.log_retention_days,
    protect_data=topology.protect_data,
    permissions_boundary=topology.permissions_boundary,
)

hub = MwaaHub(
    HUB_OWNER,
    MwaaHubArgs(
        settings=settings,
        account_id=hub_account_id,
        hub=topology.hub,
        project_directory=ROOT,
    ),
    providers.at(topology.hub.account, topology.hub.region),
)
data_pipelines = {
    name: RegionalDataPipeline(
        name,
        RegionalDataPipelineArgs(
            settings=settings, account_id=account_ids[pipeline.account], pipeline=pipeline
        ),
        providers.at(pipeline.account, pipeline.region),
    )
    for name, pipeline in topology.data_pipelines.items()
}
ml_pipelines = {
    name: RegionalMlPipeline(
        name,
        RegionalMlPipelineArgs(
            settings=settings,
            account_id=account_ids[pipeline.account],
            pipeline=pipeline,
            source=data_pipelines[pipeline.source].replication_source.site,
        ),
        providers.at(pipeline.account, pipeline.region),
    )
    for name, pipeline in topology.ml_pipelines.items()
}
for name, pipeline in topology.data_pipelines.items():
    learners = [learner for learner, ml in topology.ml_pipelines.items() if ml.source == name]
    if learners:
        CrossRegionReplication(
            f"{name}-replication",
            CrossRegionReplicationArgs(
                source=data_pipelines[name].replication_source,
                destinations={
                    learner: ml_pipelines[learner].replication_destination for learner in learners
                },
            ),
            providers.at(pipeline.account, pipeline.region),
        )
hub.connect(data_pipelines, ml_pipelines)

pulumi.export("environment_name", hub.environment_name)
pulumi.export("airflow_webserver_url", hub.webserver_url)
pulumi.export("dag_bucket_name", hub.dag_bucket_name)
pulumi.export("execution_role_arn", hub.execution_role_arn)
pulumi.export(
    "data_pipelines",
    {
        name: {
            "source_bucket_name": data.bucket_name,
            "cross_account_role_arn": data.cross_account_role_arn,
            "connection_id": connection_id(name),
            "glue_job_name": data.glue_job_name,
        }
        for name, data in data_pipelines.items()
    },
)
pulumi.export(
    "ml_pipelines",
    {
        name: {
            "destination_bucket_name": ml.bucket_name,
            "cross_account_role_arn": ml.cross_account_role_arn,
            "connection_id": connection_id(name),
            "cleanup_function_name": ml.cleanup_function_name,
        }
        for name, ml in ml_pipelines.items()
    },
)
