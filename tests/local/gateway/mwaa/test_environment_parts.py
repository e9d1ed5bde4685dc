"""The parts of an MWAA environment that need no Airflow."""

from __future__ import annotations

import io
import os
import sqlite3
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from local.gateway.mwaa import airflow, airflow_database, plugins
from local.gateway.mwaa.airflow_database import Database, MigrationError
from local.gateway.mwaa.dag_folder import DagFolder
from local.gateway.mwaa.startup_script import StartupScriptError, exported
from local.gateway.processes import Children, end_left_over
from local.gateway.settings import Settings
from tests.local.gateway.aws import HUB, Aws, wait_until


@pytest.fixture
def children(tmp_path: Path) -> Iterator[Children]:
    started = Children(tmp_path / "processes.json")
    yield started
    started.close()


def read(file: Path) -> str:
    return file.read_text() if file.is_file() else ""


def endless(folder: Path) -> Path:
    """A program that takes for ever, under a path with a space."""
    program = folder / "a program"
    program.write_text("#!/bin/sh\necho begun\nexec sleep 600\n")
    program.chmod(0o755)
    return program


class TestPlugins:
    def _unpack(self, aws: Aws, bucket: str, folder: Path, content: bytes) -> None:
        s3 = aws.client("s3", HUB)
        version = s3.put_object(Bucket=bucket, Key="plugins.zip", Body=content)["VersionId"]
        # What the environment doesn't name isn't taken.
        s3.put_object(Bucket=bucket, Key="plugins.zip", Body=b"later")
        plugins.unpack(s3, bucket, "plugins.zip", version, folder)

    def test_a_new_archive_takes_the_place_of_the_old_one(self, aws: Aws, tmp_path: Path) -> None:
        bucket, folder = aws.bucket(HUB, versioned=True), tmp_path / "plugins"
        for name in ("a.py", "hooks/b.py"):
            content = io.BytesIO()
            with zipfile.ZipFile(content, "w") as archive:
                archive.writestr(name, "1")
            self._unpack(aws, bucket, folder, content.getvalue())
        assert [str(file.relative_to(folder)) for file in folder.rglob("*.py")] == ["hooks/b.py"]

    def test_what_is_no_archive_is_told(self, aws: Aws, tmp_path: Path) -> None:
        bucket = aws.bucket(HUB, versioned=True)
        with pytest.raises(plugins.PluginsError, match=r"plugins\.zip can't be unpacked"):
            self._unpack(aws, bucket, tmp_path / "plugins", b"none")


class TestDagFolder:
    @pytest.fixture
    def bucket(self, aws: Aws) -> str:
        return aws.bucket(HUB)

    @pytest.fixture
    def folder(self, aws: Aws, bucket: str, tmp_path: Path) -> DagFolder:
        return DagFolder(aws.client("s3", HUB), bucket, "dags", tmp_path / "dags")

    def _put(self, aws: Aws, bucket: str, key: str, text: str) -> None:
        aws.client("s3", HUB).put_object(Bucket=bucket, Key=key, Body=text.encode())

    def _files(self, tmp_path: Path) -> dict[str, str]:
        paths = [path for path in (tmp_path / "dags").rglob("*") if path.is_file()]
        return {str(path.relative_to(tmp_path / "dags")): path.read_text() for path in paths}

    def test_it_follows_what_is_new_changed_and_gone(
        self, aws: Aws, bucket: str, folder: DagFolder, tmp_path: Path
    ) -> None:
        self._put(aws, bucket, "dags/a.py", "1")
        self._put(aws, bucket, "dags/helpers/b.py", "2")
        self._put(aws, bucket, "dags-old/c.py", "3")
        folder.synchronize()
        assert self._files(tmp_path) == {"a.py": "1", "helpers/b.py": "2"}
        self._put(aws, bucket, "dags/a.py", "4")
        aws.client("s3", HUB).delete_object(Bucket=bucket, Key="dags/helpers/b.py")
        folder.synchronize()
        assert self._files(tmp_path) == {"a.py": "4"}

    def test_a_file_that_did_not_change_is_not_fetched_again(
        self, aws: Aws, bucket: str, folder: DagFolder, tmp_path: Path
    ) -> None:
        self._put(aws, bucket, "dags/a.py", "1")
        folder.synchronize()
        before = (tmp_path / "dags/a.py").stat().st_ino
        folder.synchronize()
        assert (tmp_path / "dags/a.py").stat().st_ino == before

    def test_a_dag_file_counts_as_modified_when_a_file_that_it_reads_changes(
        self, aws: Aws, bucket: str, folder: DagFolder, tmp_path: Path
    ) -> None:
        self._put(aws, bucket, "dags/a.py", "1")
        folder.synchronize()
        os.utime(tmp_path / "dags/a.py", (0, 0))
        folder.synchronize()
        assert (tmp_path / "dags/a.py").stat().st_mtime == 0
        self._put(aws, bucket, "dags/topology.json", "{}")
        folder.synchronize()
        assert (tmp_path / "dags/a.py").stat().st_mtime > 0

    def test_no_key_leads_out_of_it(
        self, aws: Aws, bucket: str, folder: DagFolder, tmp_path: Path
    ) -> None:
        self._put(aws, bucket, "dags/x/../../out.py", "1")
        folder.synchronize()
        assert not (tmp_path / "out.py").exists()


class TestStartupScript:
    def _exported(self, folder: Path, children: Children, text: str) -> dict[str, str]:
        script = folder / "startup.sh"
        script.write_text(text)
        variables = {"PATH": "/usr/bin:/bin", "KEPT": "1", "CHANGED": "1"}
        return exported(script, variables, children)

    def test_what_it_exports_is_taken(self, tmp_path: Path, children: Children) -> None:
        text = 'export NEW="a b\nc"\nexport CHANGED=2\nunexported=3\n'
        assert self._exported(tmp_path, children, text) == {"NEW": "a b\nc", "CHANGED": "2"}

    def test_it_is_told_which_component_runs(self, tmp_path: Path, children: Children) -> None:
        text = 'export SEEN="$MWAA_AIRFLOW_COMPONENT"\n'
        assert self._exported(tmp_path, children, text) == {"SEEN": "worker"}

    def test_its_failure_is_quoted(self, tmp_path: Path, children: Children) -> None:
        with pytest.raises(StartupScriptError, match="exit status 3: no such thing"):
            self._exported(tmp_path, children, "echo no such thing >&2\nexit 3\n")

    def test_no_file_keeps_the_variables(self, tmp_path: Path, children: Children) -> None:
        self._exported(tmp_path, children, "export KEY=secret-value\n")
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert [path.name for path in files if "KEPT" in path.read_text()] == []

    def test_it_ends_with_the_gateway(self, tmp_path: Path, children: Children) -> None:
        program = endless(tmp_path)
        ended: list[Exception] = []

        def start() -> None:
            try:
                self._exported(tmp_path, children, f'"{program}"\n')
            except StartupScriptError as error:
                ended.append(error)

        thread = threading.Thread(target=start)
        thread.start()
        record = tmp_path / "processes.json"
        wait_until(lambda: read(record), lambda text: "startup" in text)
        children.close()
        thread.join()
        assert len(ended) == 1


class TestMigration:
    def test_it_is_a_recorded_child(
        self, tmp_path: Path, children: Children, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Else it would outlive a gateway that ends, or is killed, meanwhile."""
        program = endless(tmp_path)
        monkeypatch.setattr(airflow, "python", lambda _version: program)
        monkeypatch.setattr(airflow_database, "INSTALLED", tmp_path / "installed")
        settings = Settings(port=1, directory=tmp_path)
        ended: list[Exception] = []

        def copy() -> None:
            try:
                airflow_database.copy_to(tmp_path / "airflow.db", "3.2.1", settings, children)
            except MigrationError as error:
                ended.append(error)

        thread = threading.Thread(target=copy)
        thread.start()
        record = tmp_path / "processes.json"
        wait_until(lambda: read(record), lambda text: "migration" in text)
        assert end_left_over(record) == ["airflow/migration-3.2.1"]
        thread.join()
        assert "airflow db migrate failed" in str(ended)


class TestAnotherVersion:
    """The history moves to another version of Airflow, by the newer one of the two."""

    @pytest.fixture
    def database(
        self, tmp_path: Path, children: Children, monkeypatch: pytest.MonkeyPatch
    ) -> Database:
        """That of an environment, with a history."""

        def program(version: str) -> Path:
            made = tmp_path / version
            made.write_text('#!/bin/sh\necho "$(basename "$0") $*" >> called\ntest ! -e refuses\n')
            made.chmod(0o755)
            return made

        monkeypatch.setattr(airflow, "python", program)
        home = tmp_path / "hub"
        home.mkdir()
        settings = Settings(port=1, directory=tmp_path)
        return Database(
            home=home,
            fernet_key=airflow.new_fernet_key(),
            settings=settings,
            children=children,
        )

    def _history(self, file: Path) -> None:
        with closing(sqlite3.connect(file)) as history, history:
            history.execute("create table dag_run (run_id)")
            history.execute("insert into dag_run values ('one')")

    @pytest.mark.parametrize(
        ("former", "version", "called"),
        [
            ("3.0.6", "3.3.1", ["3.3.1 -m airflow db migrate"]),
            ("3.9.1", "3.10.0", ["3.10.0 -m airflow db migrate"]),
            ("3.3.1", "3.2.1", ["3.3.1 -m airflow db downgrade --to-version 3.2.1 --yes"]),
            (
                "3.3.1",
                "3.0.6",
                ["3.3.1 -P", "3.3.1 -m airflow db downgrade --to-version 3.0.6 --yes"],
            ),
        ],
    )
    def test_the_newer_one_migrates(
        self, database: Database, former: str, version: str, called: list[str]
    ) -> None:
        self._history(airflow.database(database.home, former))
        moved = database.prepare(version)
        lines = (database.home / "called").read_text().splitlines()
        assert [
            line.partition(f" {airflow_database._OLDER_ENCODING}")[0] for line in lines
        ] == called
        with closing(sqlite3.connect(moved)) as history:
            assert history.execute("select run_id from dag_run").fetchall() == [("one",)]
        assert [file.name for file in database.home.glob("*.db")] == [f"airflow-{version}.db"]

    def test_the_same_version_has_its_history(self, database: Database) -> None:
        file = airflow.database(database.home, "3.3.1")
        self._history(file)
        assert database.prepare("3.3.1") == file
        assert not (database.home / "called").exists()

    def test_a_failure_leaves_the_former_version_its_history(self, database: Database) -> None:
        self._history(airflow.database(database.home, "3.0.6"))
        (database.home / "refuses").touch()
        with pytest.raises(MigrationError, match=r"^airflow db migrate failed"):
            database.prepare("3.3.1")
        assert [file.name for file in database.home.glob("*.db")] == ["airflow-3.0.6.db"]

    @pytest.mark.end_to_end
    def test_an_older_version_reads_what_deferred_tasks_wait_with(self, tmp_path: Path) -> None:
        file, older = tmp_path / "airflow.db", '{"__var": {"a": 1}, "__type": "dict"}'
        with closing(sqlite3.connect(file)) as history, history:
            history.execute("create table task_instance (next_kwargs)")
            rows = [("null",), (None,), (older,), ('{"a": 1}',)]
            history.executemany("insert into task_instance values (?)", rows)
            history.execute("create table task_instance_history as select * from task_instance")
            history.execute("create table trigger (kwargs)")
            history.execute("insert into trigger values (?)", ('{"bucket_name": "b"}',))
        (tmp_path / "airflow.cfg").touch()
        variables = airflow.forced(tmp_path, 0, file, airflow.new_fernet_key())
        python, script = airflow.python("3.3.1"), airflow_database._OLDER_ENCODING
        command: list[str | Path] = [python, "-P", script, file]
        subprocess.run(command, env=variables, check=True, capture_output=True)
        with closing(sqlite3.connect(file)) as history:
            for query in (
                "select next_kwargs from task_instance",
                "select next_kwargs from task_instance_history",
            ):
                found = history.execute(query).fetchall()
                assert found == [("null",), (None,), (older,), (older,)]
            ((encrypted,),) = history.execute("select kwargs from trigger").fetchall()
            assert encrypted.startswith("gAAAA")


@pytest.mark.parametrize(
    ("option", "variable"),
    [
        ("core.dags_are_paused_at_creation", "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION"),
        ("secrets.backend", "AIRFLOW__SECRETS__BACKEND"),
        ("api_auth.jwt_secret", "AIRFLOW__API_AUTH__JWT_SECRET"),
    ],
)
def test_options_become_airflows_variables(option: str, variable: str) -> None:
    assert airflow.from_options({option: "v"}) == {variable: "v"}


@pytest.mark.parametrize("component", airflow.COMPONENTS)
def test_no_component_listens_on_every_address(component: str) -> None:
    command = airflow.command("3.2.1", component, 8080)
    assert "standalone" not in command
    if component == "api-server":
        assert command[command.index("--host") + 1] == "127.0.0.1"
    elif component in {"scheduler", "triggerer"}:
        assert "--skip-serve-logs" in command
