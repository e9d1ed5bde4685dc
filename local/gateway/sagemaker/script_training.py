"""Training by a script as AWS's framework images run it in script mode, in a process of its own.

`python script_training.py FOLDER`: FOLDER has the layout of the container's /opt/ml. Unpacks the
code of the channel `code`, installs its requirements into an environment of its own, and runs the
script with SageMaker's variables; a failure's reason goes to `output/failure`, unless the script
has written its own. The contract is that of the repository `aws/sagemaker-training-toolkit`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_OWN = ("sagemaker_", "_tuning_objective_metric")
"""What the names of SageMaker's own hyperparameters begin with, which a script isn't given."""

_CONTAINER_FOLDER = "/opt/ml"
_REASON_LINES = 5
"""Lines of the script's errors that a failure's reason quotes."""

_PIPE_SECONDS = 2.0
"""How long a process that outlives the script may keep its output open."""


class SetupError(Exception):
    """The code can't be unpacked, or its requirements can't be installed."""


def read_config(folder: Path, name: str) -> dict[str, Any]:
    """One of SageMaker's configuration files."""
    path = folder / "input/config" / name
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def decoded(value: str) -> Any:
    """A hyperparameter, which the images read as JSON where it is JSON."""
    try:
        return json.loads(value)
    except ValueError:
        return value


def arguments(hyperparameters: Mapping[str, Any]) -> list[str]:
    """The script's arguments: `--name value`, in the order of the names."""
    found = []
    for name, value in sorted(hyperparameters.items()):
        pairs = value.items() if isinstance(value, dict) else ()
        text = ",".join(f"{key}={each}" for key, each in sorted(pairs)) if pairs else str(value)
        found += [f"--{name}" if len(name) > 1 else f"-{name}", text]
    return found


def variables(
    folder: Path, program: str, hyperparameters: Mapping[str, Any], given: Sequence[str]
) -> dict[str, str]:
    """The variables that begin with `SM_`: a value that is no string is JSON."""
    resources = read_config(folder, "resourceconfig.json")
    inputs = read_config(folder, "inputdataconfig.json")
    values: dict[str, Any] = {
        "channels": sorted(inputs),
        "current_host": resources["current_host"],
        "current_instance_type": resources["current_instance_type"],
        "hosts": resources["hosts"],
        "hps": hyperparameters,
        "input_config_dir": str(folder / "input/config"),
        "input_data_config": inputs,
        "input_dir": str(folder / "input"),
        "log_level": 20,
        "model_dir": str(folder / "model"),
        "module_dir": str(folder / "code"),
        "module_name": Path(program).stem,
        "network_interface_name": resources["network_interface_name"],
        "num_cpus": os.cpu_count(),
        "num_gpus": 0,
        "output_data_dir": str(folder / "output/data"),
        "output_dir": str(folder / "output"),
        "resource_config": resources,
        "user_args": list(given),
        "user_entry_point": program,
        **{f"channel_{name}": str(folder / "input/data" / name) for name in inputs},
        **{f"hp_{name}": value for name, value in hyperparameters.items()},
    }
    return {f"SM_{name.upper()}": _text(value) for name, value in values.items()}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def unpack(folder: Path, archive: str) -> Path:
    """The folder with the script, unpacked from the archive that the job names."""
    code = folder / "code"
    path = Path(archive.replace(_CONTAINER_FOLDER, str(folder), 1))
    try:
        with tarfile.open(path, "r:gz") as packed:
            packed.extractall(code, filter="data")
    except (OSError, tarfile.TarError) as error:
        message = f"the code {archive} can't be unpacked: {error}"
        raise SetupError(message) from error
    return code


def interpreter(folder: Path, code: Path) -> Path:
    """The Python to run the script with: with requirements, in an environment of its own.

    As in AWS's images, what the image has stays visible: here the packages of the project.
    """
    if not (code / "requirements.txt").is_file():
        return Path(sys.executable)
    environment = folder / "environment"
    python = environment / "bin/python"
    _uv(code, "venv", "--python", sys.executable, environment)
    found = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    )
    packages = Path(found.stdout.strip())
    (packages / "project.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    _uv(code, "pip", "install", "--python", python, "-r", "requirements.txt")
    return python


def _uv(code: Path, *command: str | Path) -> None:
    """Without a network, as a training job is."""
    done = subprocess.run(
        [sys.executable, "-m", "uv", "--offline", *command], cwd=code, check=False
    )
    if done.returncode:
        message = "the requirements can't be installed without a network: the log says why"
        raise SetupError(message)


def run(command: Sequence[str], code: Path, environment: Mapping[str, str]) -> tuple[int, str]:
    """The script's exit status, and the last lines of its errors."""
    last: deque[str] = deque(maxlen=_REASON_LINES)
    process = subprocess.Popen(
        command,
        cwd=code,
        env=dict(environment),
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    )

    def read() -> None:
        for line in process.stderr or ():
            sys.stderr.write(line)
            last.append(line)

    reading = threading.Thread(target=read, daemon=True)
    reading.start()
    status = process.wait()
    reading.join(_PIPE_SECONDS)
    # Of a process that a signal ended, as a shell gives it.
    return status if status >= 0 else 128 - status, "".join(last).strip()


def train(folder: Path) -> int:
    """Run the script; returns its exit status."""
    given = read_config(folder, "hyperparameters.json")
    values = {name: decoded(value) for name, value in given.items()}
    hyperparameters = {name: value for name, value in values.items() if not name.startswith(_OWN)}
    program = values["sagemaker_program"]
    code = unpack(folder, values["sagemaker_submit_directory"])
    own = arguments(hyperparameters)
    (folder / "output/data").mkdir()
    environment = {
        **os.environ,
        **variables(folder, program, hyperparameters, own),
        "PYTHONPATH": str(code),
    }
    command = [str(interpreter(folder, code)), program, *own]
    status, errors = run(command, code, environment)
    failure = folder / "output/failure"
    if status and not failure.exists():
        reason = (
            f"AlgorithmError: ExecuteUserScriptError: ExitCode {status}, ErrorMessage: {errors}"
        )
        failure.write_text(reason, encoding="utf-8")
    return status


def main() -> int:
    """Train, or write why the script can't be started; returns the exit status."""
    folder = Path(sys.argv[1])
    try:
        return train(folder)
    except SetupError as error:
        reason = f"AlgorithmError: {error}"
        print(reason, file=sys.stderr)
        (folder / "output/failure").write_text(reason, encoding="utf-8")
        return 1


if __name__ == "__main__":
    sys.exit(main())
