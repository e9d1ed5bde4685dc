"""Which AWS services are called from the hub's network, and how a private one reaches them.

Nothing here imports Pulumi.
"""

from __future__ import annotations

from components.topology.model import Topology

OF_ENVIRONMENT = (
    *("airflow.api", "airflow.env", "airflow.ops", "ecr.api", "ecr.dkr"),
    *("kms", "logs", "monitoring", "sqs"),
)
"""Amazon MWAA user guide, "Creating the required VPC service endpoints in an Amazon VPC with
private routing"; S3 has a gateway endpoint."""

OF_TASKS = ("secretsmanager", "sts")
"""What every task with a connection calls in the hub's Region."""

OF_NOTIFICATIONS = ("sns",)

OF_DATA_PIPELINES = ("glue", "s3", "sts")
OF_ML_PIPELINES = ("lambda", "s3", "sagemaker.api", "sts")
"""What the DAGs call in a pipeline's Region: the services in its cross-account role's policy, and
AWS STS, which an Airflow connection asks in its own Region."""

OF_GLUE_JOBS = ("glue", "monitoring")
"""What a Glue job in a network of its own calls there besides S3: AWS Glue developer guide,
"Configuring AWS calls to go through your VPC". Logs don't go that way."""

OF_PIPELINES = frozenset({*OF_DATA_PIPELINES, *OF_ML_PIPELINES})

ACROSS_REGIONS = frozenset({"lambda", "s3"})
"""Of these, what an interface endpoint reaches in another Region (AWS PrivateLink guide,
"Cross-region enabled AWS services")."""


def services_in_region(topology: Topology, region: str) -> set[str]:
    """What the DAGs call there for the pipelines of that Region."""
    called: set[str] = set()
    if any(each.region == region for each in topology.data_pipelines.values()):
        called |= set(OF_DATA_PIPELINES)
    if any(each.region == region for each in topology.ml_pipelines.values()):
        called |= set(OF_ML_PIPELINES)
    return called


def services_of_hub(topology: Topology) -> list[str]:
    """The services with an interface endpoint in the hub's private network, of its own Region."""
    own = services_in_region(topology, topology.hub.region) - {"s3"}
    notified = OF_NOTIFICATIONS if topology.notifications.has_topic else ()
    return sorted({*OF_ENVIRONMENT, *OF_TASKS, *notified, *own})


def host_name(service: str, region: str) -> str:
    """The host that clients call: `api.sagemaker` for `sagemaker.api`, whose parts are swapped."""
    return f"{'.'.join(reversed(service.split('.')))}.{region}.amazonaws.com"
