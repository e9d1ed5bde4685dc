"""A project whose files the topologies of these tests name."""

from __future__ import annotations

from pathlib import Path

import pytest

FILES = {
    "empty.txt": " \n",
    "commented.txt": "# --constraint constraints-3.3.1.txt\npandas\n",
    "unconstrained.txt": "pandas\n",
    "constrained.txt": 'pandas\n --constraint "https://example.com/constraints-3.3.1/x.txt"\n',
    "folder/other.txt": "--constraint constraints-9.9.9.txt\n",
    "folder/shipped.txt": "--constraint=/usr/local/airflow/dags/constraints.txt\npandas\n",
    "unshipped.txt": "--constraint /usr/local/airflow/dags/constraints-3.3.1.txt\npandas\n",
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
