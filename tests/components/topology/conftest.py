"""A project whose files the topologies of these tests name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

WORKGROUP = "arn:aws:athena:us-east-1:222222222222:workgroup/reports"
ROLE = "arn:aws:iam::222222222222:role/job"


def _policy(*changes: dict[str, Any], **whole: Any) -> str:
    """A policy with a statement for each of `changes` of a right one."""
    right = {"Effect": "Allow", "Action": "athena:StartQueryExecution", "Resource": WORKGROUP}
    statements = [{"Sid": f"S{number}", **right, **each} for number, each in enumerate(changes)]
    return json.dumps({"Version": "2012-10-17", "Statement": statements, **whole})


def _condition(service: str) -> dict[str, Any]:
    return {"StringEquals": {"iam:PassedToService": service}}


_PASSING = {"Action": "iam:PassRole", "Resource": ROLE}

POLICIES = {
    "right": _policy(
        {"Action": ["athena:StartQueryExecution", "athena:GetQueryExecution"]},
        {"Resource": ["arn:aws:s3:::reports/*", "arn:aws:glue:us-east-1:222222222222:table/a/*"]},
        {"Condition": {"Bool": {"aws:SecureTransport": True}}},
        {**_PASSING, "Condition": _condition("ecs-tasks.amazonaws.com")},
        {"Action": "kms:ListGrants", "Resource": "arn:aws:kms:us-east-1:222222222222:key/a-b"},
    ),
    "one": _policy(Statement={"Sid": "A", **json.loads(_policy({}))["Statement"][0]}),
    "largest": _policy({"Resource": [WORKGROUP, f"{WORKGROUP}/{'x' * 5908}"]}),
    "larger": _policy({"Resource": [WORKGROUP, f"{WORKGROUP}/{'x' * 5909}"]}),
    "text": "{",
    "old": _policy({}, Version="2008-10-17"),
    "deny": _policy({}, {"Effect": "Deny"}),
    "principal": _policy({"Principal": "*"}),
    "unnamed": _policy({"Sid": ""}),
    "twice": _policy({"Sid": "A"}, {"Sid": "A"}),
    "nothing": _policy(),
    "every": _policy({"Action": "athena:*"}),
    "no_action": _policy({"Action": "athena"}),
    "assume": _policy({"Action": "sts:AssumeRole", "Resource": ROLE}),
    "grant": _policy({"Action": "kms:CreateGrant"}),
    "bucket_policy": _policy({"Action": "s3:PutBucketPolicy", "Resource": "arn:aws:s3:::reports"}),
    "any_case": _policy({"Action": "s3:putbucketpolicy", "Resource": "arn:aws:s3:::reports"}),
    "queue": _policy({"Action": "sqs:SetQueueAttributes", "Resource": WORKGROUP}),
    "administrator": _policy({"Action": "quicksight:CreateAdmin"}),
    "misspelt": _policy({"Action": "athena:StartQueryExecutions"}),
    "anything": _policy({"Resource": "*"}),
    "any_bucket": _policy({"Resource": "arn:aws:s3:::*/*"}),
    "any_workgroup": _policy({"Resource": "arn:aws:athena:us-east-1:222222222222:workgroup/*"}),
    "any_account": _policy({"Resource": "arn:aws:athena:us-east-1:*:workgroup/reports"}),
    "china": _policy({"Resource": "arn:aws-cn:athena:us-east-1:222222222222:workgroup/reports"}),
    "pass_anywhere": _policy(_PASSING),
    "pass_any": _policy({**_PASSING, "Resource": f"{ROLE}*", "Condition": _condition("a")}),
}
"""Policies of accesses by the names of their files."""

UNFIT = {
    "mac": "numpy-2.5.1-cp312-cp312-macosx_14_0_arm64.whl",
    "arm": "numpy-2.5.1-cp312-cp312-manylinux_2_28_aarch64.whl",
    "newer": "numpy-2.5.1-cp312-cp312-manylinux_2_35_x86_64.whl",
    "python": "numpy-2.5.1-cp311-cp311-manylinux_2_28_x86_64.whl",
    "unnamed": "numpy.whl",
}
"""Wheels that Amazon MWAA can't install, by the folders that they lie in."""

_SHIPPED = '--constraint "/usr/local/airflow/dags/constraints-3.3.1.txt"\n'

FILES = {
    "empty.txt": " \n",
    "commented.txt": "# --constraint constraints-3.3.1.txt\npandas\n",
    "unconstrained.txt": "pandas\n",
    "constrained.txt": 'pandas\n --constraint "https://example.com/constraints-3.3.1/x.txt"\n',
    "folder/other.txt": "--constraint constraints-9.9.9.txt\n",
    "folder/shipped.txt": "--constraint=/usr/local/airflow/dags/constraints.txt\npandas\n",
    "unshipped.txt": "--constraint /usr/local/airflow/dags/constraints-3.2.1.txt\npandas\n",
    "team/script/train.py": "",
    "team/script/deeper/helper.py": "",
    "team/offline/train.py": "",
    "team/offline/requirements.txt": "--no-index\n--find-links wheels\nlightgbm==4.6.0\n",
    "team/online/train.py": "",
    "team/online/requirements.txt": "# --no-index\nlightgbm==4.6.0\n",
    "team/own.py": "def transform(spark, source): ...\n",
    "team/helper.py": "",
    "team/json.py": "",
    "team/deeper/helper.py": "",
    "team/tools-1.0-py3-none-any.whl": "",
    "startup.sh": "export A=b\n",
    "unopened.sh": "export A=b\nfi\n",
    "team/plugins/macros.py": "",
    "team/compiled/__pycache__/macros.pyc": "",
    "workloads/mwaa/constraints-3.3.1.txt": "humanize==4.16.0\nrich==15.0.0\n",
    "offline.txt": f"{_SHIPPED}humanize>=4 # sizes\nrich ; python_version < '3.12'\n",
    "address_constraint.txt": "--constraint https://example.com/constraints-3.3.1/x.txt\nhumanize\n",
    "path.txt": f"{_SHIPPED}/usr/local/airflow/plugins/humanize-4.16.0-py3-none-any.whl\n",
    "address.txt": f"{_SHIPPED}humanize @ https://example.com/humanize-4.16.0.tar.gz\n",
    "wheels/humanize-4.16.0-py3-none-any.whl": "",
    "wheels/numpy-2.5.1-cp312-cp312-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl": "",
    "wheels/cryptography-46.0.1-cp311-abi3-manylinux_2_34_x86_64.whl": "",
    "stale/humanize-4.13.0-py3-none-any.whl": "",
    **{f"{name}/humanize-4.16.0-py3-none-any.whl": "" for name in UNFIT},
    **{f"{name}/{wheel}": "" for name, wheel in UNFIT.items()},
    **{f"policies/{name}.json": text for name, text in POLICIES.items()},
}


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project's directory with a space in its path, and a file beside it; no test writes here."""
    outer = tmp_path_factory.mktemp("topology")
    project = outer / "a project"
    for name, text in FILES.items():
        file = project / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    outside = outer / "outside.txt"
    outside.write_text(FILES["constrained.txt"], encoding="utf-8")
    (outer / "outside.py").write_text("", encoding="utf-8")
    (project / "link.txt").symlink_to(outside)
    return project
