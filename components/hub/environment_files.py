"""What the environment is made with: start-up script, plugins, requirements, constraints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_aws as aws

from components.hub.plugins import ARCHIVE, packed, plugin_files
from components.hub.settings import CONSTRAINTS_FOLDER, shipped_constraints
from components.hub.wheels import installed_from_wheels
from components.topology.model import Environment

_TEXT = "text/plain"


@dataclass(frozen=True, kw_only=True)
class EnvironmentFilesArgs:
    """`project_directory` is where the files named in `environment` are looked for.

    `private` says that the environment reaches AWS through endpoints alone.
    """

    bucket_name: pulumi.Input[str]
    bucket_ready: Sequence[pulumi.Resource]
    environment: Environment
    project_directory: Path
    private: bool = False


class EnvironmentFiles(pulumi.ComponentResource):
    """The objects whose versions the environment names, so that a change of one updates it."""

    startup_script: aws.s3.BucketObjectv2
    """The project's own script, followed by the topology's if it names one."""

    requirements_key: pulumi.Output[str] | None = None
    requirements_version: pulumi.Output[str] | None = None
    """The requirements, where the topology names a file of them."""

    plugins_key: pulumi.Output[str] | None = None
    plugins_version: pulumi.Output[str] | None = None
    """plugins.zip, where the topology names a folder of plugins or of wheels."""

    all: list[pulumi.Resource]
    """What the environment waits for: it installs plugins and requirements when it is made."""

    def __init__(
        self, name: str, args: EnvironmentFilesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("unified-pipelines:index:EnvironmentFiles", name, None, opts)
        self._name = name
        self._args = args
        self.startup_script = self._object("startup-script", "startup.sh", self._script())
        self.all = [self.startup_script]
        if args.environment.plugins is not None or args.environment.wheels is not None:
            plugins = self._plugins()
            self.plugins_key = plugins.key
            self.plugins_version = plugins.version_id
        if args.environment.requirements_file is not None:
            requirements = self._install(args.environment.requirements_file)
            self.requirements_key = requirements.key
            self.requirements_version = requirements.version_id
        self.register_outputs({"startup_script_version": self.startup_script.version_id})

    def _object(self, purpose: str, key: str, content: str) -> aws.s3.BucketObjectv2:
        return aws.s3.BucketObjectv2(
            f"{self._name}-{purpose}",
            bucket=self._args.bucket_name,
            key=key,
            content=content,
            content_type=_TEXT,
            opts=self._child(),
        )

    def _plugins(self) -> aws.s3.BucketObjectv2:
        files = plugin_files(self._args.environment, self._args.project_directory)
        plugins = aws.s3.BucketObjectv2(
            f"{self._name}-plugins",
            bucket=self._args.bucket_name,
            key=ARCHIVE,
            source=pulumi.FileAsset(str(packed(files))),
            content_type="application/zip",
            opts=self._child(),
        )
        self.all.append(plugins)
        return plugins

    def _child(self) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self, depends_on=list(self._args.bucket_ready))

    def _script(self) -> str:
        files = ["workloads/mwaa/startup.sh"]
        if self._args.private:
            files.append("workloads/mwaa/startup_private.sh")
        if self._args.environment.startup_script_file is not None:
            files.append(self._args.environment.startup_script_file)
        return "\n".join(map(self._read, files))

    def _install(self, requirements_file: str) -> aws.s3.BucketObjectv2:
        """The requirements, and beside the DAGs the constraints that they are installed with."""
        text = self._read(requirements_file)
        from_wheels = self._args.environment.wheels is not None
        content = installed_from_wheels(text) if from_wheels else text
        requirements = self._object("requirements", "requirements.txt", content)
        self.all.append(requirements)
        constraints = shipped_constraints(text)
        if constraints is not None:
            shipped = self._read(f"{CONSTRAINTS_FOLDER}/{constraints}")
            self.all.append(self._object("constraints", f"dags/{constraints}", shipped))
        return requirements

    def _read(self, relative: str) -> str:
        """A file of the project; the topology's rules refuse a file that doesn't exist."""
        return (self._args.project_directory / relative).read_text(encoding="utf-8")
