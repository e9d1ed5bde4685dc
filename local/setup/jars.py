"""The jars that let Spark reach S3: fetched once, checked, and then simply used as files.

`python -m local.setup.jars` fetches them, inside `.venv`: it needs an address of Maven Central,
which Spark brings along, and the authorities that this machine trusts.
"""

from __future__ import annotations

import hashlib
import importlib.resources
import shutil
import sys
import urllib.request
import zipfile
from http.client import HTTPException
from pathlib import Path

from local.setup.paths import MAIN_ENVIRONMENT, REQUIREMENTS, SPARK_JARS, python_of
from local.setup.problem import SetupProblem
from local.setup.processes import run, step

PINNED = REQUIREMENTS / "spark-jars.txt"

_RESOLVER_SETTINGS = "org/apache/ivy/core/settings/repository.properties"
_ROOT = "ivy.ibiblio.default.artifact.root"
_TIMEOUT_SECONDS = 60


class SparkJars:
    """The folder of jars."""

    def ready(self) -> bool:
        """Whether the folder holds the pinned jars alone; each was checked before it came there."""
        return {jar.name for jar in SPARK_JARS.glob("*")} == {Path(jar).name for jar in pinned()}

    async def install(self) -> None:
        """Fetch what is missing."""
        with step("Spark's S3 jars"):
            await run(
                [python_of(MAIN_ENVIRONMENT), "-m", "local.setup.jars"],
                what="Fetching Spark's S3 jars",
                hint="Maven Central must be reachable (HTTPS_PROXY and SSL_CERT_FILE count).",
            )


def pinned() -> dict[str, str]:
    """The SHA-256 of each jar, by its path in Maven Central."""
    lines = [line for line in PINNED.read_text().splitlines() if not line.startswith("#")]
    return {path: digest for digest, path in (line.split() for line in lines)}


def fetch(root: str) -> None:
    """Fill the folder with exactly the pinned jars, from the Maven repository at `root`."""
    SPARK_JARS.mkdir(parents=True, exist_ok=True)
    wanted = {SPARK_JARS / Path(path).name: path for path in pinned()}
    for file in set(SPARK_JARS.iterdir()) - set(wanted):
        file.unlink()
    for file in set(wanted) - set(SPARK_JARS.iterdir()):
        path = wanted[file]
        _fetch_jar(root + path, file, pinned()[path])


def _fetch_jar(url: str, target: Path, expected: str) -> None:
    draft = target.with_suffix(".part")
    try:
        _download(url, draft)
    except HTTPException as problem:
        raise SetupProblem(
            f"{target.name}: the download broke off ({problem!r}); call make again."
        ) from problem
    with draft.open("rb") as content:
        found = hashlib.file_digest(content, "sha256").hexdigest()
    if found != expected:
        draft.unlink()
        raise SetupProblem(
            f"{target.name} has the SHA-256 {found}; requirements/{PINNED.name} allows {expected} "
            f"only. The repository or something on the way delivered another file: it is not "
            f"used. Find out why before you change the pinned value."
        )
    draft.rename(target)


def _download(url: str, draft: Path) -> None:
    answer = urllib.request.urlopen(url, timeout=_TIMEOUT_SECONDS)  # noqa: S310 (Maven Central)
    with answer, draft.open("wb") as file:
        announced = answer.length
        shutil.copyfileobj(answer, file)
        # http.client checks the length of a read to the end only, not of one in parts.
        if announced is not None and file.tell() < announced:
            raise HTTPException(f"{file.tell()} of {announced} bytes arrived")


def _maven_central() -> str:
    """The root of Maven Central as Ivy knows it, the resolver that Spark brings along."""
    jars = importlib.resources.files("pyspark").joinpath("jars").iterdir()
    (ivy,) = (jar for jar in jars if jar.name.startswith("ivy-"))
    with ivy.open("rb") as file, zipfile.ZipFile(file) as archive:
        lines = archive.read(_RESOLVER_SETTINGS).decode().splitlines()
    settings = dict(line.split(" = ", 1) for line in lines if " = " in line)
    return settings[_ROOT].strip()


def _main() -> int:
    import truststore

    truststore.inject_into_ssl()
    try:
        fetch(_maven_central())
    except (OSError, SetupProblem) as problem:
        print(problem)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_main())
