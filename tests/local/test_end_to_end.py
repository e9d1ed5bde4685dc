"""What `make local` leaves: the trained model, and the way there."""

from __future__ import annotations

import csv
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xgboost

from clients.role_session import role_client
from components.aws.arns import role_arn
from components.hub.drain import Drain
from components.monitoring.metrics import RUNS, of_pipeline
from components.pipeline.connection_names import connection_secret_name
from tests.local.fault_checks import settled
from tests.local.kept_run import KeptRun
from tests.local.listening_sockets import listening_addresses, sessions_below

pytestmark = pytest.mark.end_to_end


@pytest.fixture(scope="module")
def data_run(kept: KeptRun) -> dict[str, Any]:
    """The first run of the data DAG, as the report has it."""
    found: dict[str, Any]
    (found,) = [run for run in kept.summary["dag_runs"] if run["dag_id"] == kept.data.dag_id]
    return found


@pytest.fixture(scope="module")
def run(data_run: dict[str, Any]) -> str:
    """The run id in the prefixes of the first run."""
    return str(data_run["run"])


def load(archive: Path, folder: Path) -> xgboost.Booster:
    """The model in an archive."""
    with tarfile.open(archive) as opened:
        opened.extractall(folder, filter="data")
    return xgboost.Booster(model_file=str(folder / "xgboost-model"))


def drain_as_deploy_role(kept: KeptRun) -> Drain:
    """What Pulumi's hooks call around an update, as the role that deploys."""
    hub = kept.plan.hub
    role = role_arn(hub.region, hub.account_id, kept.names.deploy_role)
    return Drain(
        connect=lambda: role_client(
            "mwaa", hub.account_id, role, region=hub.region, endpoint=kept.endpoint
        ),
        environment=kept.plan.environment,
        minutes=1,
        stop_if_running=True,
        say=print,
        warn=pytest.fail,
    )


class TestTheRuns:
    """Both DAGs ran once, and everything in them went well."""

    def test_both_succeeded(self, kept: KeptRun, run: str) -> None:
        assert [(entry["dag_id"], entry["state"]) for entry in kept.summary["dag_runs"]] == [
            (kept.data.dag_id, "success"),
            (kept.ml.dag_id, "success"),
        ]
        assert kept.summary["dag_runs"][1]["run_id"] == run

    def test_every_task_succeeded_and_took_some_time(self, kept: KeptRun) -> None:
        tasks = {
            name: task
            for entry in kept.summary["dag_runs"]
            for name, task in entry["tasks"].items()
        }

        assert {task["state"] for task in tasks.values()} == {"success"}
        for name in ("wait_for_raw_file", "raw_to_transform", "train", "dagcleanup"):
            assert tasks[name]["seconds"] > 0

    def test_each_pipeline_has_metrics_of_its_run(self, kept: KeptRun) -> None:
        cloudwatch = kept.client("cloudwatch", kept.plan.hub)

        def metrics(pipeline: str) -> set[str]:
            of = [{"Name": k, "Value": v} for k, v in of_pipeline(kept.names, pipeline).items()]
            found = cloudwatch.list_metrics(Namespace=RUNS, Dimensions=of)["Metrics"]
            return {metric["MetricName"] for metric in found}

        common = {"SuccessfulRuns", "FailedRuns", "RunSeconds"}
        assert metrics(kept.data.name) >= {*common, "InputRows", "TrainingRows", "RejectedRows"}
        assert metrics(kept.ml.name) >= {
            *common,
            "ReplicationSeconds",
            "TrainingSeconds",
            "validation:auc",
        }

    def test_an_update_would_pause_the_dags_and_an_operator_can_unpause_them(
        self, kept: KeptRun
    ) -> None:
        dag_ids = sorted([kept.data.dag_id, kept.ml.dag_id])
        drain_as_deploy_role(kept).before_update()
        paused = kept.operate("status")

        assert paused["paused_for_update"] == dag_ids
        assert all(dag["paused"] for dag in paused["dags"])
        assert sorted(kept.operate("unpause", "--restore")["unpaused"]) == dag_ids
        after = kept.operate("status")
        assert after["paused_for_update"] == []
        assert not any(dag["paused"] for dag in after["dags"])

    def test_the_report_names_everything(self, kept: KeptRun) -> None:
        (model,) = kept.summary["models"]

        for expected in (kept.data.dag_id, "raw_to_transform", "dagcleanup", model["key"]):
            assert expected in kept.output
        for name, value in model["metrics"].items():
            assert f"{name} {value:.4f}" in kept.output
        assert kept.summary["outputs"]["airflow_webserver_url"] in kept.output
        assert "make stop" in kept.output

    def test_its_page_is_of_the_run(self, kept: KeptRun, run: str, tmp_path: Path) -> None:
        page = kept.run_directory.page.read_text(encoding="utf-8")
        found = kept.operate("report", run, "--file", tmp_path / "again.html")

        assert f"<title>Run {run} of {kept.data.name}</title>" in page
        assert page.count("<img ") == 5
        (report,) = found["runs"]
        assert Path(found["file"]).is_file()
        lanes = [(lane["service"], lane["of"]) for lane in report["timeline"]]
        assert lanes == [
            ("Airflow", kept.data.dag_id),
            ("AWS Glue", kept.data.name),
            ("S3 replication", f"to {kept.ml.name}"),
            ("Airflow", kept.ml.dag_id),
            ("SageMaker", kept.ml.name),
        ]
        assert all(
            bar["ended"] >= bar["started"] for lane in report["timeline"] for bar in lane["bars"]
        )
        training = report["training"][kept.ml.name]
        assert [len(curve) for curve in training["rounds"]["auc"].values()] == [20, 20]
        assert set(training["importance"]) < set(kept.manifest(run)["columns"][1:])
        assert sum(training["importance"].values()) == pytest.approx(1)
        this = next(row for row in report["last_runs"] if row["is_this"])
        assert this["rows"] == kept.manifest(run)["rows"]["input"]
        assert this["glue_seconds"] > 0


class TestTheData:
    """Every row is accounted for, and what was no longer needed is gone."""

    def test_every_row_of_the_raw_file_is_somewhere(self, kept: KeptRun, run: str) -> None:
        rows = kept.manifest(run)["rows"]
        with (kept.directory / f"sample-{kept.data.name}.csv").open(
            encoding="utf-8", newline=""
        ) as file:
            count = sum(1 for _ in csv.reader(file)) - 1

        assert rows["input"] == count
        assert count == sum(value for name, value in rows.items() if name != "input")
        assert rows["train"] > rows["validation"] > 0

    def test_the_examples_script_has_joined_two_inputs(self, kept: KeptRun, run: str) -> None:
        manifest = kept.manifest(run)
        joined = ("contract_months", "deposit", "notice_days")
        places = [manifest["columns"].index(name) for name in joined]
        s3 = kept.client("s3", kept.data.account_region)
        (key,) = kept.keys(kept.data, manifest["channels"]["train"])
        text = s3.get_object(Bucket=kept.data.bucket, Key=key)["Body"].read().decode()
        found = {tuple(row[place] for place in places) for row in csv.reader(text.splitlines())}

        assert {each for each in found if each[1]} == {
            ("1", "0", "14"),
            ("12", "50.5", "30"),
            ("24", "90", "60"),
        }
        assert manifest["script"]["inputs"]["contracts"]["key"] == "raw/contracts.csv"

    def test_the_manifest_names_the_raw_file_as_it_was(self, kept: KeptRun, run: str) -> None:
        source = kept.manifest(run)["source"]
        s3 = kept.client("s3", kept.data.account_region)
        named = s3.head_object(
            Bucket=source["bucket"], Key=source["key"], VersionId=source["version_id"]
        )

        uploaded = f"raw/incoming/{kept.data.name}.csv"
        assert (source["bucket"], source["key"]) == (kept.data.bucket, uploaded)
        assert named["ETag"] == source["etag"]

    def test_a_backfill_starts_no_version_again(self, kept: KeptRun) -> None:
        found = kept.operate("backfill", "--pipeline", kept.data.name)

        uploaded = f"raw/incoming/{kept.data.name}.csv"
        assert found == {"started": [], "already_there": [uploaded]}

    def test_the_parts_are_in_the_source_as_the_manifest_says(
        self, kept: KeptRun, run: str
    ) -> None:
        manifest = kept.manifest(run)
        listed = {file["key"] for file in manifest["files"]}

        for channel in manifest["channels"].values():
            assert set(kept.keys(kept.data, channel)) == {
                key for key in listed if key.startswith(channel)
            }

    def test_glue_logged_to_the_groups_that_are_deployed(self, kept: KeptRun, run: str) -> None:
        (job_run,) = kept.glue_runs(run)
        prefix = job_run["LogGroupName"]
        groups = kept.client("logs", kept.data.account_region).describe_log_groups(
            logGroupNamePrefix=prefix
        )["logGroups"]

        assert {group["logGroupName"] for group in groups} == {
            f"{prefix}/error",
            f"{prefix}/output",
        }
        # Glue gives a group that it makes itself no retention.
        assert all(group["retentionInDays"] == 365 for group in groups)

    def test_the_destination_keeps_manifest_schema_and_summary_and_for_days_the_rows(
        self, kept: KeptRun, run: str
    ) -> None:
        manifest_key = f"transformed/run={run}/_manifest.json"

        settled(kept, run)
        assert kept.document(kept.ml, manifest_key) == kept.manifest(run)
        summary = kept.summary_of(run)
        assert summary["outcome"] == "success"
        assert summary["rows"] == kept.manifest(run)["rows"]
        assert summary["deleted_versions"] == 0
        assert summary["rows_kept_until"] is not None
        assert summary["program"] == kept.manifest(run)["program"]


class TestTheModel:
    """It is there, it loads, and its predictions are better than chance."""

    def test_it_is_in_s3_and_on_this_machine(self, kept: KeptRun) -> None:
        (model,) = kept.summary["models"]
        s3 = kept.client("s3", kept.ml.account_region)
        stored = s3.get_object(Bucket=model["bucket"], Key=model["key"])

        assert model["bucket"] == kept.ml.bucket
        assert stored["Body"].read() == Path(model["file"]).read_bytes()
        assert stored["ServerSideEncryption"] == "aws:kms"

    def test_it_tells_the_training_rows_apart(
        self, kept: KeptRun, run: str, tmp_path: Path
    ) -> None:
        (model,) = kept.summary["models"]
        booster = load(Path(model["file"]), tmp_path)
        s3 = kept.client("s3", kept.data.account_region)
        (key,) = kept.keys(kept.data, kept.manifest(run)["channels"]["validation"])
        text = s3.get_object(Bucket=kept.data.bucket, Key=key)["Body"].read().decode()
        rows = np.array(
            [
                [float(cell) if cell else np.nan for cell in row]
                for row in csv.reader(text.splitlines())
            ]
        )

        predicted = booster.predict(xgboost.DMatrix(rows[:, 1:]))

        leaving = predicted[rows[:, 0] == 1].mean()
        staying = predicted[rows[:, 0] == 0].mean()
        assert leaving > staying + 0.1
        assert model["metrics"]["validation:auc"] > 0.7


class TestWhoDidIt:
    """Each step was done by the role that it belongs to, in the account that it belongs to."""

    def session(self, kept: KeptRun, owner: str, purpose: str, account_id: str) -> str:
        role = kept.names.role(owner, purpose)
        return f"arn:aws:sts::{account_id}:assumed-role/{role}/"

    def actions(self, kept: KeptRun, session: str) -> set[str]:
        return {call["action"] for call in kept.calls() if call["principal"].startswith(session)}

    def test_the_hub_reads_the_connections_and_assumes_the_roles(self, kept: KeptRun) -> None:
        execution = self.session(kept, "hub", "execution", kept.plan.hub.account_id)
        calls = [call for call in kept.calls() if call["principal"].startswith(execution)]
        allowed = [call for call in calls if call["decision"] == "allow"]

        for pipeline in (kept.data, kept.ml):
            secret = connection_secret_name(kept.plan.environment, pipeline.name)
            read = [call for call in allowed if f":secret:{secret}" in call["resource"]]
            assert "secretsmanager:GetSecretValue" in {call["action"] for call in read}
            role = kept.names.role(pipeline.name, "crossaccount")
            arn = f"arn:aws:iam::{pipeline.account_region.account_id}:role/{role}"
            assert ("sts:AssumeRole", arn) in {
                (call["action"], call["resource"]) for call in allowed
            }

    def test_the_hub_itself_touches_no_pipeline(self, kept: KeptRun) -> None:
        execution = self.session(kept, "hub", "execution", kept.plan.hub.account_id)
        actions = self.actions(kept, execution)
        buckets = {kept.data.bucket, kept.ml.bucket}

        assert not {
            action for action in actions if action.startswith(("glue:", "sagemaker:", "lambda:"))
        }
        assert not [
            call
            for call in kept.calls()
            if call["principal"].startswith(execution)
            and call["resource"].removeprefix("arn:aws:s3:::").partition("/")[0] in buckets
        ]

    @pytest.mark.parametrize(
        ("owner", "purpose", "expected"),
        [
            ("data", "crossaccount", {"glue:StartJobRun", "glue:GetJobRun", "s3:GetObject"}),
            ("data", "glue", {"s3:GetObject", "s3:PutObject", "kms:GenerateDataKey"}),
            ("ml", "crossaccount", {"sagemaker:CreateTrainingJob", "lambda:InvokeFunction"}),
            ("ml", "sagemaker", {"s3:GetObject", "s3:PutObject", "kms:Decrypt"}),
            ("ml", "dagcleanup", {"s3:PutObject", "s3:PutObjectTagging"}),
        ],
    )
    def test_every_role_did_its_part(
        self, kept: KeptRun, owner: str, purpose: str, expected: set[str]
    ) -> None:
        pipeline = kept.data if owner == "data" else kept.ml
        session = self.session(kept, pipeline.name, purpose, pipeline.account_region.account_id)

        assert expected <= self.actions(kept, session)


def test_nothing_listens_beyond_this_machine(kept: KeptRun) -> None:
    addresses = listening_addresses(sessions_below(kept.directory))

    # The embedded AWS and Airflow's API at least.
    assert len(addresses) >= 2
    assert {address.partition(":")[0] for address in addresses} == {"127.0.0.1"}
