"""`runs/<run>/sources.json`: the runs of several sources that a training takes."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from cross_account.failure import PipelineError
from cross_account.manifest import Manifest, read_manifest
from cross_account.pipeline_bucket import PipelineBucket
from cross_account.run import sources_key
from cross_account.wording import problems


class Chosen(BaseModel):
    """The runs that a training takes: their manifests by source, as the Glue jobs wrote them."""

    model_config = ConfigDict(frozen=True, strict=True)

    version: Literal[1] = 1
    run: str
    manifests: dict[str, dict[str, Any]]
    superseded: list[str]
    """The folders of replicas that no later training takes, once this one has succeeded."""

    @property
    def runs(self) -> dict[str, str]:
        """The run of each source."""
        return {name: each.run for name, each in self.checked.items()}

    @property
    def folders(self) -> dict[str, str]:
        """The folder of each source's files in the ML pipeline's bucket."""
        return {name: each.folder for name, each in self.checked.items()}

    @cached_property
    def checked(self) -> dict[str, Manifest]:
        """The manifests, checked."""
        return {
            name: read_manifest(str(content.get("run")), content)
            for name, content in self.manifests.items()
        }


def read_chosen(destination: PipelineBucket, run: str) -> Chosen | None:
    """What the training `run` takes, if it is one and that is decided."""
    content = destination.read_json(sources_key(run))
    try:
        return None if content is None else Chosen.model_validate(content)
    except ValidationError as error:
        raise PipelineError(f"{destination.url(sources_key(run))}: {problems(error)}.") from error
