"""The topology: what a stack deploys, as one typed configuration value.

Types, defaults, descriptions and the limits of single values are here. What two values have to do
with each other is in `components.topology.rules`. `components.topology.loading` makes a `Topology`
of a stack's value and reports every error at once.
"""

from components.topology.model.access import Access
from components.topology.model.backup import Backup
from components.topology.model.data_pipeline import DataPipeline, GlueJob, Split, Start
from components.topology.model.environment import MICRO_CLASS, Environment, Scaling
from components.topology.model.hub import Hub
from components.topology.model.input import Input
from components.topology.model.ml_pipeline import MlPipeline
from components.topology.model.monitoring import Alarms, Notifications
from components.topology.model.network import Network, NetworkEndpoints
from components.topology.model.pipeline_network import PipelineNetwork
from components.topology.model.topology import Account, Topology
from components.topology.model.training import CHANNELS, Channel, Training
from components.topology.model.tuning import Objective, TunedParameter, Tuning

__all__ = [
    "CHANNELS",
    "MICRO_CLASS",
    "Access",
    "Account",
    "Alarms",
    "Backup",
    "Channel",
    "DataPipeline",
    "Environment",
    "GlueJob",
    "Hub",
    "Input",
    "MlPipeline",
    "Network",
    "NetworkEndpoints",
    "Notifications",
    "Objective",
    "PipelineNetwork",
    "Scaling",
    "Split",
    "Start",
    "Topology",
    "Training",
    "TunedParameter",
    "Tuning",
]
