from __future__ import annotations

import json
from typing import Any

import pytest
from cross_account.manifest import read_manifest
from cross_account.training_request import TrainingConfigError, fill_in

from tests.dags import example_data
from tests.dags.example_data import RUN, folder

MANIFEST = read_manifest(RUN, example_data.manifest())


def config() -> dict[str, Any]:
    return example_data.training_config("bucket")


def test_the_run_is_filled_in() -> None:
    request = fill_in(config(), MANIFEST, f"prefix-{RUN}")
    uris = [
        channel["DataSource"]["S3DataSource"]["S3Uri"] for channel in request["InputDataConfig"]
    ]
    assert uris == [f"s3://bucket/{folder()}train/", f"s3://bucket/{folder()}validation/"]
    assert request["OutputDataConfig"]["S3OutputPath"] == f"s3://bucket/models/run={RUN}/"
    assert request["TrainingJobName"] == f"prefix-{RUN}"
    assert "{" not in json.dumps(list(request["InputDataConfig"])).replace('{"', "")


def test_nothing_else_is_touched() -> None:
    given = config()
    given["HyperParameters"]["note"] = "{unknown} {{ jinja }} {}"
    given["HyperParameters"]["{run}"] = "a key"
    request = fill_in(given, MANIFEST, "name")
    assert request["HyperParameters"] == given["HyperParameters"]
    assert request["ResourceConfig"] == given["ResourceConfig"]
    assert given == {**config(), "HyperParameters": given["HyperParameters"]}


def test_the_number_of_classes_is_that_of_the_run() -> None:
    given = config()
    given["HyperParameters"] |= {"objective": "multi:softprob", "num_class": "{classes}"}
    counted = read_manifest(RUN, {**example_data.manifest(), "classes": 3})
    assert fill_in(given, counted, "name")["HyperParameters"]["num_class"] == "3"
    with pytest.raises(TrainingConfigError, match="Pin the label as a category"):
        fill_in(given, MANIFEST, "name")


@pytest.mark.parametrize("uri", ["s3://bucket/transformed/", "s3://bucket/{validation}", None])
def test_a_fixed_input_is_refused(uri: str | None) -> None:
    given = config()
    given["InputDataConfig"][0]["DataSource"]["S3DataSource"]["S3Uri"] = uri
    with pytest.raises(TrainingConfigError, match=r"\{train\}"):
        fill_in(given, MANIFEST, "name")


def with_channel(name: str, key: str) -> dict[str, Any]:
    given = config()
    train = given["InputDataConfig"][0]["DataSource"]["S3DataSource"]
    source = {"S3DataSource": {**train, "S3Uri": f"s3://bucket/{key}"}}
    given["InputDataConfig"].append({"ChannelName": name, "DataSource": source})
    return given


def test_a_script_is_given_the_schema_and_its_code() -> None:
    schema = {"key": f"{folder()}schema.json", "size": 2}
    described = read_manifest(RUN, {**example_data.manifest(), "schema": schema})
    given = with_channel("schema", "{schema}")
    given["InputDataConfig"].append(
        with_channel("code", "scripts/training/abc/sourcedir.tar.gz")["InputDataConfig"][-1]
    )
    uris = [
        channel["DataSource"]["S3DataSource"]["S3Uri"]
        for channel in fill_in(given, described, "name")["InputDataConfig"]
    ]
    assert uris[2:] == [
        f"s3://bucket/{folder()}schema.json",
        "s3://bucket/scripts/training/abc/sourcedir.tar.gz",
    ]
    with pytest.raises(TrainingConfigError, match=r"\{schema\}"):
        fill_in(with_channel("schema", "transformed/other.json"), described, "name")


def test_a_run_without_a_schema_can_not_be_trained_on_with_it() -> None:
    with pytest.raises(TrainingConfigError, match=f"run {RUN} has no schema.json"):
        fill_in(with_channel("schema", "{schema}"), MANIFEST, "name")


def test_validation_may_be_left_out_and_train_may_not() -> None:
    given = config()
    train, validation = given["InputDataConfig"]
    given["InputDataConfig"] = [train]
    assert len(fill_in(given, MANIFEST, "name")["InputDataConfig"]) == 1
    given["InputDataConfig"] = [validation]
    with pytest.raises(TrainingConfigError, match=r"\{train\}"):
        fill_in(given, MANIFEST, "name")


def test_a_fixed_output_is_refused() -> None:
    given = config()
    given["OutputDataConfig"]["S3OutputPath"] = "s3://bucket/models/"
    with pytest.raises(TrainingConfigError, match=r"run=\{run\}/"):
        fill_in(given, MANIFEST, "name")


def shared_out(instances: int) -> dict[str, Any]:
    given = config()
    source = given["InputDataConfig"][0]["DataSource"]["S3DataSource"]
    source["S3DataDistributionType"] = "ShardedByS3Key"
    given["ResourceConfig"]["InstanceCount"] = instances
    return given


def test_each_instance_gets_a_file() -> None:
    assert fill_in(shared_out(2), MANIFEST, "name")["ResourceConfig"]["InstanceCount"] == 2


def test_fewer_files_than_instances_are_refused() -> None:
    with pytest.raises(TrainingConfigError, match=r"train.*3.*2"):
        fill_in(shared_out(3), MANIFEST, "name")


def test_files_that_every_instance_reads_may_be_few() -> None:
    given = config()
    given["ResourceConfig"]["InstanceCount"] = 3
    fill_in(given, MANIFEST, "name")


@pytest.mark.parametrize("content", [None, [], {}, {"InputDataConfig": []}])
def test_an_unusable_configuration(content: object) -> None:
    with pytest.raises(TrainingConfigError, match="pulumi up --refresh"):
        fill_in(content, MANIFEST, "name")
