"""A model's training: its image and instance type."""

from __future__ import annotations

import re
from collections.abc import Iterator

from components.aws.partitions import dns_suffix_of
from components.ml_pipeline.training_image import REGISTRY_ACCOUNTS, is_xgboost_image
from components.topology import limits
from components.topology.codes import Code
from components.topology.model import Topology, Training
from components.topology.problems import KeyPath, Problem, missing, refused
from components.topology.regions import REGIONS


def problems(topology: Topology) -> Iterator[Problem]:
    """What is wrong with each ML pipeline's training."""
    for name, pipeline in topology.ml_pipelines.items():
        path, training = ("ml_pipelines", name, "training"), pipeline.training
        yield from _image(path, training, pipeline.region)
        yield from _max_wait(path, training)
        yield from _instance_type((*path, "instance_type"), training.instance_type)


def _image(training_path: KeyPath, training: Training, region: str) -> Iterator[Problem]:
    path, region_path = (*training_path, "image"), (*training_path[:2], "region")
    dns_suffix = dns_suffix_of(region)
    image = training.image
    if image is None:
        if training.algorithm != "custom" and region in REGIONS and region not in REGISTRY_ACCOUNTS:
            yield from missing(
                path,
                f"the registry of AWS's XGBoost image in {region} is unknown",
                "Name an image in this Region (`Docker Registry Paths` in the SageMaker "
                "developer guide lists AWS's)",
                relies_on=(region_path,),
            )
        return
    pattern = limits.IMAGE_PATTERN.format(
        region=re.escape(region), dns_suffix=re.escape(dns_suffix)
    )
    found = re.fullmatch(pattern, image)
    if found is None or found["tag"] == "latest" or len(image) > limits.IMAGE_LENGTH:
        yield from refused(
            path,
            Code.MALFORMED,
            image,
            "is not a pinned image in the pipeline's Region",
            expected=f"<account id>.dkr.ecr.{region}.{dns_suffix}/<repository>, then :<tag> (not "
            f"latest) or @sha256:<digest>, at most {limits.IMAGE_LENGTH} characters",
            advice="Correct it, or remove the key for AWS's XGBoost",
            relies_on=(region_path,),
        )
    elif training.algorithm == "xgboost" and not is_xgboost_image(image, region):
        yield from refused(
            path,
            Code.CONFLICTING_KEYS,
            image,
            "is not AWS's XGBoost",
            expected="algorithm custom, or script for an image with SageMaker's script mode",
            advice="Write `algorithm: custom`, or remove the image",
            relies_on=((*training_path, "algorithm"), region_path),
        )


def _max_wait(training_path: KeyPath, training: Training) -> Iterator[Problem]:
    path, wait = (*training_path, "max_wait_seconds"), training.max_wait_seconds
    if wait is not None and not training.spot:
        yield from refused(
            path,
            Code.CONFLICTING_KEYS,
            wait,
            "is a wait for spot instances",
            expected="spot: true beside it",
            advice="Write `spot: true`, or remove the key",
            relies_on=((*training_path, "spot"),),
        )
    elif wait is not None and wait < training.max_runtime_seconds:
        yield from refused(
            path,
            Code.MINIMUM_ABOVE_MAXIMUM,
            wait,
            "is less than max_runtime_seconds, which it includes",
            expected=f"{training.max_runtime_seconds} or more",
            relies_on=((*training_path, "max_runtime_seconds"),),
        )


def _instance_type(path: KeyPath, instance_type: str) -> Iterator[Problem]:
    found = re.fullmatch(limits.INSTANCE_TYPE_PATTERN, instance_type)
    if found is None:
        yield from refused(
            path,
            Code.MALFORMED,
            instance_type,
            "is not an instance type",
            expected="ml., a family and a size, such as ml.m5.xlarge",
        )
    elif found["family"] in limits.LOCAL_STORAGE_FAMILIES or re.fullmatch(
        limits.LOCAL_STORAGE_PATTERN, found["family"]
    ):
        yield from refused(
            path,
            Code.LOCAL_STORAGE,
            instance_type,
            "has local disks, for which SageMaker takes no customer key",
            expected="a type with network storage only, such as ml.m5.xlarge or ml.p3.2xlarge",
        )
