"""Runs that uploads start: the hub's part, and the senders beside the buckets."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pulumi

from components.aws.naming import HUB_OWNER
from components.hub.mwaa_hub import MwaaHub
from components.pipeline.site import PipelineSite
from components.program.stack import Stack
from components.uploads.hub_uploads import HubUploads, HubUploadsArgs, UploadSource
from components.uploads.pipeline_uploads import PipelineUploads, PipelineUploadsArgs


def start_on_uploads(
    stack: Stack,
    hub: MwaaHub,
    hub_site: PipelineSite,
    sites: Mapping[str, PipelineSite],
    options_at: Callable[[str, str], pulumi.ResourceOptions],
) -> HubUploads:
    """Have uploads start the data pipelines that the topology names.

    `sites` has every data pipeline's account and Region.
    """
    topology = stack.topology
    sources = {
        name: UploadSource(site=sites[name], keys=keys) for name, keys in stack.upload_keys.items()
    }
    args = HubUploadsArgs(site=hub_site, key_arn=hub.key_arn, network=hub.network, sources=sources)
    in_hub = options_at(topology.hub.account, stack.hub_region)
    uploads = HubUploads(f"{HUB_OWNER}-uploads", args, in_hub)
    for name, source in sources.items():
        sender_args = PipelineUploadsArgs(
            source=source, hub=hub_site, received=uploads.received[name]
        )
        data = topology.data_pipelines[name]
        PipelineUploads(f"{name}-uploads", sender_args, options_at(data.account, data.region))
    return uploads
