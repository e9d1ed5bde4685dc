"""What a person reads when a run goes wrong, word for word.

Each sentence says what is wrong, where, what is allowed and what to do: a word less is a fault.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from airflow.providers.amazon.aws.hooks.base_aws import AwsBaseHook
from cross_account.cleanup import payload
from cross_account.connection_guard import check_connection
from cross_account.failure import AirflowFailException
from cross_account.manifest import ManifestError, check_files, read_manifest
from cross_account.pipeline_bucket import PipelineBucket
from cross_account.run import summary_key
from cross_account.run_choice import RunChoiceError, choose
from cross_account.tasks import list_files, prepare_training
from cross_account.topology import TopologyError, load_topology, read_topology
from cross_account.training_request import TrainingConfigError, fill_in

from tests.dags import example_data
from tests.dags.example_data import RUN, folder
from tests.dags.example_topology import SECRETS, connection, pipelines, topology
from tests.dags.fake_aws import HUB, FakeAws

GOOD = example_data.manifest()
MANIFEST = f"transformed/run={RUN}/_manifest.json"
FIRST, SECOND, THIRD = (file["key"] for file in GOOD["files"])
EAST, WEST = pipelines()["east1"], pipelines()["west2"]
SECRET = f"{SECRETS}/{EAST['connection_id']}"
PULUMI = "Delete it, and `pulumi up --refresh` writes it anew; don't edit it."


def changed(content: Any, path: str, value: object) -> Any:
    """`content` with one value changed."""
    content = copy.deepcopy(content)
    *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    place = content
    for part in parents:
        place = place[part]
    place[last] = value
    return content


class TestManifest:
    """The manifest that the Glue job wrote, and the files that arrived."""

    @pytest.mark.parametrize(
        ("path", "value", "sentence"),
        [
            ("version", 2, "version is 2, but must be 1."),
            ("run", "x", f"run is 'x', but must be '{RUN}'."),
            ("attempt", "", "attempt is '', but must be a folder's name."),
            ("attempt", 7, "attempt is 7, but must be a folder's name."),
            ("source", None, "source is None, but must be an object."),
            ("source.etag", 7, "source.etag is 7, but must be a text."),
            ("source.version_id", 7, "source.version_id is 7, but must be a text or null."),
            ("channels", None, f"channels is None, but must be {GOOD['channels']!r}."),
            ("rows", [], "rows is [], but must be an object."),
            ("rows.train", -1, "rows.train is -1, but must be a whole number from 0."),
            (
                "rows.input",
                8,
                (
                    "8 rows came in, but train, validation, rejected and duplicates are 7 "
                    "together: rows were lost or counted twice."
                ),
            ),
            (
                "rows.input",
                6,
                (
                    "6 rows came in, but train, validation, rejected and duplicates are 7 "
                    "together: rows were lost or counted twice."
                ),
            ),
            ("files", {}, "files is {}, but must be a list."),
            ("files.1", "key", "files[1] is 'key', but must be an object."),
            ("files.1.key", 7, "files[1].key is 7, but must be a file in a channel's folder."),
            ("files.1.key", FIRST, f"files[1].key is '{FIRST}', but must be listed once."),
            ("files.1.size", "9", "files[1].size is '9', but must be a whole number from 0."),
            (
                "files",
                [],
                "files is [], but must be at least one file in train, or no model can learn.",
            ),
        ],
    )
    def test_a_wrong_one(self, path: str, value: object, sentence: str) -> None:
        with pytest.raises(ManifestError) as raised:
            read_manifest(RUN, changed(GOOD, path, value))
        assert str(raised.value) == f"{MANIFEST}: {sentence}"

    def test_none_at_all(self) -> None:
        with pytest.raises(ManifestError) as raised:
            read_manifest(RUN, [])
        assert str(raised.value) == f"{MANIFEST}: the whole file is [], but must be an object."

    def test_other_files_than_it_lists(self) -> None:
        found = {FIRST: 1, THIRD: 8, **{f"{folder()}train/{name}": 0 for name in "abcd"}}
        with pytest.raises(ManifestError) as raised:
            check_files(read_manifest(RUN, GOOD), found)
        assert str(raised.value) == (
            f"The files of run {RUN} aren't those of {MANIFEST}: missing: {SECOND}; "
            f"of another size: {FIRST} (1 bytes, not 13); "
            f"not in the manifest: {folder()}train/a, {folder()}train/b, {folder()}train/c "
            "and 1 more. Start a new run of the data-processing DAG."
        )

    def test_three_files_are_all_named(self) -> None:
        with pytest.raises(ManifestError) as raised:
            check_files(read_manifest(RUN, GOOD), {})
        assert f"missing: {FIRST}, {SECOND}, {THIRD}. Start" in str(raised.value)

    def test_a_whole_file_less_is_no_wrong_size(self) -> None:
        with pytest.raises(ManifestError) as raised:
            check_files(read_manifest(RUN, GOOD), {SECOND: 7, THIRD: 8})
        assert "of another size" not in str(raised.value)


class TestRunChoice:
    """Which run a model is trained on."""

    @staticmethod
    def bucket(objects: dict[str, object]) -> PipelineBucket:
        bucket = PipelineBucket("bucket", None)
        object.__setattr__(bucket, "read_json", objects.get)
        object.__setattr__(bucket, "folders", lambda _folder: [])
        return bucket

    def test_no_run(self) -> None:
        with pytest.raises(RunChoiceError) as raised:
            choose(self.bucket({}), "yesterday", RUN)
        assert str(raised.value) == (
            "The parameter run is 'yesterday', which is no run: give one such as "
            "20261122T123336123456 (the data-processing DAG run's run_after in UTC), "
            "or leave it out for the newest."
        )

    def test_nothing_arrived(self) -> None:
        with pytest.raises(RunChoiceError) as raised:
            choose(self.bucket({}), None, RUN)
        assert str(raised.value) == (
            f"s3://bucket/transformed/ holds no run's manifest from {RUN} or before: run the "
            "data-processing DAG of this pipeline's source first, and see that replication works."
        )

    def test_cleaned(self) -> None:
        with pytest.raises(RunChoiceError) as raised:
            choose(self.bucket({summary_key(RUN): {"outcome": "success"}}), RUN, RUN)
        assert str(raised.value) == (
            f"Run {RUN} has been trained and its training data removed: "
            f"s3://bucket/runs/{RUN}/summary.json says what came of it. "
            "Give another run, or start a new one with the data-processing DAG."
        )


class TestTrainingRequest:
    """The training configuration that the deployment wrote."""

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            ([], "The training configuration is no object: []."),
            ({}, "The training configuration lacks 'InputDataConfig'."),
        ],
    )
    def test_an_unusable_one(self, content: object, sentence: str) -> None:
        with pytest.raises(TrainingConfigError) as raised:
            fill_in(content, read_manifest(RUN, GOOD), "name")
        assert str(raised.value) == sentence

    @pytest.mark.parametrize(
        ("path", "sentence"),
        [
            (
                "InputDataConfig.1.DataSource.S3DataSource.S3Uri",
                (
                    f"'fixed' for channel validation, which isn't in {folder()}validation/: "
                    "the value must hold {validation}."
                ),
            ),
            (
                "OutputDataConfig.S3OutputPath",
                (
                    f"'fixed' for the model, which isn't in run={RUN}/: "
                    "the value must hold run={run}/."
                ),
            ),
        ],
    )
    def test_a_fixed_path(self, path: str, sentence: str) -> None:
        configuration = changed(example_data.training_config("bucket"), path, "fixed")
        with pytest.raises(TrainingConfigError) as raised:
            fill_in(configuration, read_manifest(RUN, GOOD), "name")
        assert str(raised.value) == (
            f"The training configuration has {sentence} "
            "Delete the configuration, and `pulumi up --refresh` writes it anew."
        )


class TestTopology:
    """`topology.json`, which the deployment wrote."""

    @pytest.mark.parametrize(
        ("path", "value", "sentence"),
        [
            ("version", 2, "version is 2, but these DAGs read 1."),
            ("data_pipelines", [], "data_pipelines is [], but must be an object."),
            ("ml_pipelines", None, "ml_pipelines is None, but must be an object."),
            ("ml_pipelines.west2", 7, "ml_pipelines.west2 is 7, but must be an object."),
            (
                "data_pipelines.east1.bucket",
                "",
                "data_pipelines.east1.bucket is '', but must be a text that isn't empty.",
            ),
            (
                "data_pipelines.east1.glue_timeout_minutes",
                0,
                (
                    "data_pipelines.east1.glue_timeout_minutes is 0, "
                    "but must be a whole number from 1."
                ),
            ),
            (
                "data_pipelines.east1.ml_pipelines",
                "west2",
                "data_pipelines.east1.ml_pipelines is 'west2', but must be a list of texts.",
            ),
            (
                "data_pipelines.east1.ml_pipelines",
                ["west2", 7],
                "data_pipelines.east1.ml_pipelines[1] is 7, but must be a text that isn't empty.",
            ),
            (
                "ml_pipelines.west2.source",
                "north",
                "ml_pipelines.west2.source is 'north', which is no data pipeline.",
            ),
            (
                "data_pipelines.east1.ml_pipelines",
                ["europe2"],
                (
                    "data_pipelines.east1.ml_pipelines names 'europe2', "
                    "which is no ML pipeline with 'east1' as its source."
                ),
            ),
        ],
    )
    def test_a_wrong_one(self, path: str, value: object, sentence: str) -> None:
        with pytest.raises(TopologyError) as raised:
            read_topology(changed(topology(), path, value))
        assert str(raised.value) == sentence

    def test_no_object_at_all(self) -> None:
        with pytest.raises(TopologyError) as raised:
            read_topology([])
        assert str(raised.value) == "the whole file is [], but must be an object."

    def test_one_minute_is_a_limit(self) -> None:
        short = changed(topology(), "data_pipelines.east1.glue_timeout_minutes", 1)
        assert read_topology(short).data_pipelines[0].glue_timeout_minutes == 1

    def test_a_missing_file(self, tmp_path: Path) -> None:
        file = tmp_path / "topology.json"
        assert self.refusal(file) == (
            f"{file} does not exist, so the DAGs don't know any pipeline. {PULUMI}"
        )

    def test_a_file_that_is_no_json(self, tmp_path: Path) -> None:
        file = tmp_path / "topology.json"
        file.write_text("[", encoding="utf-8")
        assert self.refusal(file) == (
            f"{file} can't be read as JSON: Expecting value: line 1 column 2 (char 1). {PULUMI}"
        )

    def test_a_file_that_is_another(self, tmp_path: Path) -> None:
        file = tmp_path / "topology.json"
        file.write_text("[]", encoding="utf-8")
        assert self.refusal(file) == (
            f"{file}: the whole file is [], but must be an object. {PULUMI}"
        )

    @staticmethod
    def refusal(file: Path) -> str:
        with pytest.raises(TopologyError) as raised:
            load_topology(file)
        # Airflow shows the last error of a chain: a cause would push the sentence up.
        assert raised.value.__cause__ is None
        assert raised.value.__suppress_context__
        return str(raised.value)


class TestConnection:
    """A connection that doesn't lead to its pipeline's role."""

    REMEDY = "`pulumi up --refresh` writes the connection's secret anew."
    MEND_TRUST = "`pulumi up --refresh` mends whichever of these was changed by hand."
    FIND_OUT = (
        "The connection's settings are right, so somebody changed how the environment reaches AWS: "
        "find out who before running anything again."
    )
    START = (
        f"Connection '{EAST['connection_id']}', whose secret takes tasks into the account of "
        "pipeline 'east1', "
    )

    def sentence(self, aws: FakeAws, remedy: str = REMEDY, **extra: object) -> str:
        """What is said between the connection's name and the remedy, with `extra` changed."""
        content = connection("east1")
        content["extra"].update(extra)
        aws.secrets[SECRET] = json.dumps(content)
        return self.refusal(remedy)

    def refusal(self, remedy: str = REMEDY) -> str:
        with pytest.raises(AirflowFailException) as raised:
            check_connection(EAST["connection_id"])
        text = str(raised.value)
        end = f" in account {EAST['account_id']}. {remedy}"
        assert text.startswith(self.START)
        assert text.endswith(end)
        return text.removeprefix(self.START).removesuffix(end)

    def test_no_secret(self, aws: FakeAws) -> None:
        del aws.secrets[SECRET]
        assert self.refusal() == (
            "has no secret that can be read (ResourceNotFoundException); "
            f"expected: {EAST['role_arn']}"
        )

    def test_no_role(self, aws: FakeAws) -> None:
        assert self.sentence(aws, role_arn="") == (
            f'has no role_arn in its "extra"; expected: {EAST["role_arn"]}'
        )

    def test_another_role(self, aws: FakeAws) -> None:
        assert self.sentence(aws, role_arn=WEST["role_arn"]) == (
            f"names the role {WEST['role_arn']}; expected: {EAST['role_arn']}"
        )

    def test_another_region(self, aws: FakeAws) -> None:
        assert self.sentence(aws, region_name="us-west-2") == (
            "names the Region 'us-west-2'; expected: 'us-east-1'"
        )

    def test_no_external_id(self, aws: FakeAws) -> None:
        assert self.sentence(aws, assume_role_kwargs={}) == (
            'gives no ExternalId in its "extra"; '
            'expected: "assume_role_kwargs": {"ExternalId": ...} for the role'
        )

    def test_a_wrong_external_id(self, aws: FakeAws) -> None:
        wrong = {"ExternalId": "guessed"}
        assert self.sentence(aws, self.MEND_TRUST, assume_role_kwargs=wrong) == (
            "may not assume the role: the ExternalId it gives isn't the one in the role's trust "
            "policy, or the trust policy doesn't name the hub's execution role, or the role "
            "doesn't exist, or the hub's own policy doesn't let it assume the role; "
            f"expected: {EAST['role_arn']}"
        )

    def test_an_external_id_that_can_be_none(self, aws: FakeAws) -> None:
        aws.sts_fault = "ValidationError"
        assert self.refusal(self.MEND_TRUST).startswith("may not assume the role")

    def test_another_caller(self, aws: FakeAws) -> None:
        aws.impostor = HUB
        assert (
            self.refusal(self.FIND_OUT)
            == f"acts as {HUB}; expected: a session of {EAST['role_arn']}"
        )

    def test_a_shape_that_no_connection_has(
        self, aws: FakeAws, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def unreadable(_hook: AwsBaseHook) -> None:
            raise TypeError

        monkeypatch.setattr(AwsBaseHook, "conn_config", property(unreadable))
        assert self.refusal() == (
            f"has a secret that isn't shaped like a connection; expected: {EAST['role_arn']}"
        )

    @pytest.mark.parametrize("connection_id", ["aws_default", None])
    def test_a_connection_of_no_pipeline(self, connection_id: str | None) -> None:
        with pytest.raises(AirflowFailException) as raised:
            check_connection(connection_id)
        assert str(raised.value) == (
            f"Connection {connection_id!r} belongs to no pipeline of topology.json, so this task "
            "would work in the hub's own account; give the task its pipeline's connection."
        )


class TestTasks:
    """What a task finds in the bucket, and what it doesn't."""

    PLACE = (WEST["connection_id"], WEST["bucket"])

    @staticmethod
    def refusal(act: Callable[[], object]) -> str:
        with pytest.raises(AirflowFailException) as raised:
            act()
        return str(raised.value)

    def test_no_manifest(self, aws: FakeAws) -> None:
        assert self.refusal(lambda: list_files.function(*self.PLACE, RUN)) == (
            f"s3://{WEST['bucket']}/{MANIFEST} does not exist, so run {RUN} isn't complete."
        )

    def test_a_manifest_that_is_no_json(self, aws: FakeAws) -> None:
        aws.put(WEST["bucket"], MANIFEST, b"[")
        assert self.refusal(lambda: list_files.function(*self.PLACE, RUN)) == (
            f"s3://{WEST['bucket']}/{MANIFEST} isn't JSON: "
            "Expecting value: line 1 column 2 (char 1)"
        )

    def test_no_training_configuration(self, aws: FakeAws) -> None:
        for key, body in example_data.files().items():
            aws.put(WEST["bucket"], key, body)
        aws.put(WEST["bucket"], MANIFEST, GOOD)
        refusal = self.refusal(
            lambda: prepare_training.function(*self.PLACE, RUN, "config/west2.json", "prefix")
        )
        assert refusal == (
            f"s3://{WEST['bucket']}/config/west2.json does not exist: "
            "`pulumi up --refresh` writes it."
        )


def test_a_model_of_another_run() -> None:
    training = {"Training": {"TrainingJobName": "prefix-20200101T000000000000"}}
    with pytest.raises(ValueError, match="Training job") as raised:
        payload(RUN, training)
    assert str(raised.value) == (
        f"Training job prefix-20200101T000000000000 isn't of run {RUN}: "
        "clear the whole DAG run instead of single tasks."
    )
