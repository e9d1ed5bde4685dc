"""A model's training: image, hyperparameters, instances and limits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from components.aws.partitions import dns_suffix_of
from components.ml_pipeline.training_image import REGISTRY_ACCOUNTS
from components.topology import limits
from components.topology.model import Topology, Training
from components.topology.problems import KeyPath, Problem, refused
from components.topology.rules.basics import matches, matching, within


def problems(topology: Topology) -> Iterator[Problem]:
    """What is wrong with each ML pipeline's training."""
    for name, pipeline in topology.ml_pipelines.items():
        path, training = ("ml_pipelines", name, "training"), pipeline.training
        yield from _image(path, training.image, pipeline.region)
        yield from _hyperparameters((*path, "hyperparameters"), training)
        yield from _instance_type((*path, "instance_type"), training.instance_type)
        for field, value, bounds in (
            ("instance_count", training.instance_count, limits.INSTANCES),
            ("volume_size_gb", training.volume_size_gb, limits.VOLUME_GIGABYTES),
            ("max_runtime_seconds", training.max_runtime_seconds, limits.MAX_RUNTIME_SECONDS),
        ):
            yield from within((*path, field), value, bounds, "choose a number in this range")


def _image(training_path: KeyPath, image: str | None, region: str) -> Iterator[Problem]:
    path, region_path = (*training_path, "image"), (*training_path[:2], "region")
    dns_suffix = dns_suffix_of(region)
    if image is None:
        if region in REGISTRY_ACCOUNTS or region not in limits.REGIONS:
            return
        yield Problem(
            path,
            "missing",
            f"the account of AWS's XGBoost image in {region} isn't known to this program",
            "name an image in a registry of this Region (AWS lists its own in the SageMaker "
            "developer guide, `Docker Registry Paths`)",
            (region_path,),
        )
        return
    pattern = limits.IMAGE_PATTERN.format(
        region=re.escape(region), dns_suffix=re.escape(dns_suffix)
    )
    found = re.fullmatch(pattern, image)
    if found is None or found["tag"] == "latest" or len(image) > limits.IMAGE_LENGTH:
        yield from refused(
            path,
            image,
            f"<account id>.dkr.ecr.{region}.{dns_suffix}/<repository>, then :<tag> other than "
            f"latest or @sha256:<digest>, at most {limits.IMAGE_LENGTH} characters",
            "name one image in the pipeline's own Region, or leave the key out for AWS's XGBoost",
            region_path,
        )


def _hyperparameters(path: KeyPath, training: Training) -> Iterator[Problem]:
    for name, value in training.hyperparameters.items():
        yield from matching(
            (*path, name),
            name,
            limits.HYPERPARAMETER_NAME_PATTERN,
            "a letter or underscore, then letters, digits, underscores, dots and hyphens, at most "
            "256 characters",
            "write the name as XGBoost's documentation does",
        )
        yield from matching(
            (*path, name),
            value,
            limits.HYPERPARAMETER_VALUE_PATTERN,
            "1 to 2,500 characters, none of them a control character",
            "shorten it, or remove it for XGBoost's default",
        )
    merged = training.merged_hyperparameters
    if len(merged) > limits.HYPERPARAMETERS:
        yield Problem(
            path,
            f"{len(merged)} hyperparameters are not allowed",
            f"{limits.HYPERPARAMETERS} together with the defaults",
            "remove those that only repeat XGBoost's defaults",
        )
    yield from _count((*path, "num_round"), merged["num_round"], limits.MIN_ROUNDS)
    if merged["objective"] in {"multi:softmax", "multi:softprob"}:
        yield from _classes((*path, "num_class"), merged)


def _classes(path: KeyPath, merged: Mapping[str, str]) -> Iterator[Problem]:
    if "num_class" in merged:
        yield from _count(path, merged["num_class"], limits.MIN_CLASSES)
    else:
        yield Problem(
            path,
            "missing",
            f"{merged['objective']} needs the number of classes, {limits.MIN_CLASSES} or more",
            "add it, or choose another objective",
        )


def _count(path: KeyPath, text: str, least: int) -> Iterator[Problem]:
    # XGBoost's numbers have 31 bits; Python itself refuses to read one of thousands of digits.
    if not matches(text, r"[0-9]{1,9}") or int(text) < least:
        yield from refused(
            path,
            text,
            f"a whole number, {least} or more, of at most nine digits",
            "write it in digits, without a point",
        )


def _instance_type(path: KeyPath, instance_type: str) -> Iterator[Problem]:
    found = re.fullmatch(limits.INSTANCE_TYPE_PATTERN, instance_type)
    if found is None:
        yield from refused(
            path,
            instance_type,
            "ml., a family and a size, such as ml.m5.xlarge",
            "choose an instance type for training from SageMaker's price list",
        )
    elif found["family"] in limits.LOCAL_STORAGE_FAMILIES or re.fullmatch(
        limits.LOCAL_STORAGE_PATTERN, found["family"]
    ):
        yield from refused(
            path,
            instance_type,
            "a type without disks of its own, for SageMaker refuses to encrypt those with the "
            "pipeline's key",
            "choose a type with network storage only, such as ml.m5, ml.c5 or ml.p3.2xlarge",
        )
