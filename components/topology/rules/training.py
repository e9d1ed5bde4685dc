"""A model's training: its image, hyperparameters and instance type."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from components.aws.partitions import dns_suffix_of
from components.ml_pipeline.training_image import REGISTRY_ACCOUNTS
from components.topology import limits
from components.topology.codes import Code
from components.topology.model import Topology, Training
from components.topology.problems import KeyPath, Problem, missing, refused
from components.topology.regions import REGIONS
from components.topology.rules.basics import matches, matching


def problems(topology: Topology) -> Iterator[Problem]:
    """What is wrong with each ML pipeline's training."""
    for name, pipeline in topology.ml_pipelines.items():
        path, training = ("ml_pipelines", name, "training"), pipeline.training
        yield from _image(path, training.image, pipeline.region)
        yield from _hyperparameters((*path, "hyperparameters"), training)
        yield from _instance_type((*path, "instance_type"), training.instance_type)


def _image(training_path: KeyPath, image: str | None, region: str) -> Iterator[Problem]:
    path, region_path = (*training_path, "image"), (*training_path[:2], "region")
    dns_suffix = dns_suffix_of(region)
    if image is None:
        if region in REGIONS and region not in REGISTRY_ACCOUNTS:
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


def _hyperparameters(path: KeyPath, training: Training) -> Iterator[Problem]:
    for name, value in training.hyperparameters.items():
        yield from matching(
            (*path, name),
            name,
            limits.HYPERPARAMETER_NAME_PATTERN,
            what="the name of a hyperparameter",
            form="a letter or underscore, then letters, digits, underscores, dots and hyphens, at "
            "most 256 characters",
        )
        yield from matching(
            (*path, name),
            value,
            limits.HYPERPARAMETER_VALUE_PATTERN,
            what="the value of a hyperparameter",
            form="1 to 2,500 characters, without control characters",
        )
    merged = training.merged_hyperparameters
    if len(merged) > limits.HYPERPARAMETERS:
        yield from refused(
            path,
            Code.TOO_MANY,
            len(merged),
            "hyperparameters are too many",
            expected=f"at most {limits.HYPERPARAMETERS}, together with the defaults",
        )
    yield from _count((*path, "num_round"), merged["num_round"], limits.MIN_ROUNDS)
    if merged["objective"] in {"multi:softmax", "multi:softprob"}:
        yield from _classes((*path, "num_class"), merged)


def _classes(path: KeyPath, merged: Mapping[str, str]) -> Iterator[Problem]:
    if "num_class" in merged:
        yield from _count(path, merged["num_class"], limits.MIN_CLASSES)
    else:
        yield from missing(
            path,
            f"{merged['objective']} needs the number of classes, {limits.MIN_CLASSES} or more",
            "Add it, or choose another objective",
        )


def _count(path: KeyPath, text: str, least: int) -> Iterator[Problem]:
    # XGBoost's numbers have 31 bits; Python itself refuses to read one of thousands of digits.
    if not matches(text, r"[0-9]{1,9}") or int(text) < least:
        yield from refused(
            path,
            Code.MALFORMED,
            text,
            "is not a count",
            expected=f"an integer, {least} or more, of at most nine digits",
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
