"""Which modules are changed, and which tests must notice.

A module's tests are the quick ones that are about it: whoever changes a rule or a policy is told so
by a test that says which, not by a run of minutes that ends otherwise.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, kw_only=True)
class Environment:
    """Where tests run."""

    python: Path
    arguments: Sequence[str]
    """Of pytest, before the names of the tests."""

    own: Sequence[str]
    """What the names of modules begin with that a mutant may concern, and their tests."""

    rehearsed: Sequence[str]
    """What the names of the tests begin with that may run once in the process from which the
    mutants are forked, to fill the caches of their packages: those that leave nothing behind."""

    patience_seconds: int
    """Of the processor, that a test may take. One that takes more counts as one that never ends."""


_PYTEST = ("-s", "--assert=plain", "--tb=no", "-p", "no:cacheprovider")
"""Nobody reads why a test fails: it is enough that it does."""

MAIN = Environment(
    python=ROOT / ".venv" / "bin" / "python",
    arguments=(*_PYTEST, "-p", "no:xdist"),
    own=("components", "tests.components", "tests.mock", "tests.topologies", "glue_script"),
    rehearsed=("tests/",),
    patience_seconds=5,
)
AIRFLOW = Environment(
    python=ROOT / ".local" / "airflow-3.2.1" / "bin" / "python",
    arguments=(*_PYTEST, "--confcutdir=tests/dags"),
    # The conftest stays: it is what gave Airflow its home.
    own=("cross_account", "unusual_prefix_", "tests.dags.beginning", "tests.dags.test_"),
    # The others start a stand-in for AWS, whose address Airflow keeps.
    rehearsed=("tests/dags/test_glue.py", "tests/dags/test_sagemaker.py"),
    patience_seconds=20,
)


@dataclass(frozen=True, kw_only=True)
class Area:
    """Modules that belong together."""

    name: str
    environment: Environment
    folder: str
    """From where its modules are imported, from the project's directory."""

    tests: Mapping[str, Sequence[str]]
    """The test files of each module; both are named from the project's directory."""

    loaded_as: str = ""
    """The name that the tests give to the area's one module, where they load it themselves."""

    functions: Collection[str] = ()
    """The functions that belong to the area, where not all of its modules does."""

    def module(self, path: str) -> str:
        """The name under which the module in `path` is imported."""
        name = path.removeprefix(self.folder).removesuffix(".py").strip("/").replace("/", ".")
        return self.loaded_as or name

    def includes(self, function: str) -> bool:
        """Whether `function`, or what it is nested in, belongs to the area."""
        return not self.functions or function.split(".", maxsplit=1)[0] in self.functions


def _components(*names: str) -> tuple[str, ...]:
    return tuple(f"tests/components/test_{name}.py" for name in names)


def _dags(*names: str) -> tuple[str, ...]:
    return tuple(f"tests/dags/test_{name}.py" for name in names)


_TOPOLOGY = _components("topology_loading", "topology_checks", "topology_sentences")
_PIPELINES = _components("pipeline_policies")
_ROLES = _components("roles", "cross_account_role")

TOPOLOGY = Area(
    name="topology",
    environment=MAIN,
    folder="",
    tests={
        **{
            f"components/topology{name}.py": _TOPOLOGY
            for name in ("_checks", "_loading", "_problems", "_shape")
        },
        "components/topology.py": _components("defaults", "topology", "topology_loading"),
        "components/topology_limits.py": (*_components("naming", "training_image"), *_TOPOLOGY),
        **{
            f"components/topology_rules/{name}.py": _TOPOLOGY
            for name in (
                *("accounts", "basics", "data_pipelines", "environment", "files", "network"),
                *("pipelines", "places", "tags", "training"),
            )
        },
        "components/arns.py": _components("arns"),
        "components/cidr.py": _components("cidr"),
        "components/naming.py": _components("name_limits", "naming"),
    },
)

POLICIES = Area(
    name="policies",
    environment=MAIN,
    folder="",
    tests={
        "components/cross_account_role.py": (*_PIPELINES, *_ROLES),
        "components/iam_cleanup.py": _PIPELINES,
        "components/iam_cross_account_role.py": (*_components("cross_account_role"), *_PIPELINES),
        "components/iam_customer_key.py": (*_components("customer_key"), *_PIPELINES),
        "components/iam_data_pipeline.py": _PIPELINES,
        "components/iam_hub.py": _components("hub_policies", "iam_hub"),
        "components/iam_ml_pipeline.py": _PIPELINES,
        "components/iam_replication.py": (
            *_PIPELINES,
            *_components("cross_region_replication", "topology_checks"),
        ),
        "components/iam_secure_bucket.py": (*_components("secure_bucket"), *_PIPELINES),
        "components/iam_training.py": _PIPELINES,
        "components/inline_policy.py": _ROLES,
        "components/pipeline_role.py": (*_PIPELINES, *_ROLES),
        "components/policy_document.py": _components("policy_document"),
        "components/service_role.py": (*_PIPELINES, *_ROLES),
    },
)

DAGS = Area(
    name="dags",
    environment=AIRFLOW,
    folder="dags",
    tests={
        "dags/cross_account/aws_error.py": _dags("sagemaker", "connection_guard"),
        "dags/cross_account/cleanup.py": _dags("cleanup", "sentences"),
        "dags/cross_account/connection_guard.py": _dags("connection_guard", "sentences"),
        "dags/cross_account/connection_secret.py": _dags("connection_guard"),
        "dags/cross_account/failure.py": _dags("tasks"),
        "dags/cross_account/function.py": _dags("function"),
        "dags/cross_account/glue.py": _dags("glue", "job_details", "room", "raw_file"),
        "dags/cross_account/job_task.py": _dags("sagemaker", "glue", "room"),
        "dags/cross_account/key_sensor.py": _dags("key_sensor"),
        "dags/cross_account/manifest.py": _dags("manifest", "sentences", "edges"),
        "dags/cross_account/parsing.py": _dags("imports"),
        "dags/cross_account/pipeline_bucket.py": _dags(
            "pipeline_bucket", "run_choice", "tasks", "sentences", "raw_file"
        ),
        "dags/cross_account/raw_file.py": _dags("raw_file"),
        "dags/cross_account/run.py": _dags("run", "run_choice", "manifest", "structure", "edges"),
        "dags/cross_account/run_choice.py": _dags("run_choice", "sentences"),
        "dags/cross_account/sagemaker.py": _dags("sagemaker", "job_details", "room"),
        "dags/cross_account/settings.py": _dags("edges", "waits", "structure", "room"),
        "dags/cross_account/tasks.py": _dags("tasks", "sentences"),
        "dags/cross_account/topology.py": _dags("topology", "sentences"),
        "dags/cross_account/training_request.py": _dags(
            "training_request", "job_details", "sentences"
        ),
        "dags/cross_account/wording.py": _dags("key_sensor", "manifest", "sentences"),
    },
)

MANIFEST = Area(
    name="manifest",
    environment=MAIN,
    folder="workloads",
    tests={
        "workloads/glue/mwaa_glue_raw_to_transform.py": ("tests/workloads/test_glue_manifest.py",)
    },
    loaded_as="glue_script_under_test",
    # The rest needs Spark, and minutes.
    functions=(
        *("publish", "published_keys", "listed", "manifest"),
        *("has_manifest", "write_manifest", "put_manifest", "clear_staging"),
    ),
)

AREAS = (TOPOLOGY, POLICIES, DAGS, MANIFEST)
