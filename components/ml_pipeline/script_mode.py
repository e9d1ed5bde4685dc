"""What SageMaker's script mode asks of a training job: hyperparameters, and a channel of code.

The contract is that of AWS's framework images (the repository `aws/sagemaker-training-toolkit`). A
job without a network can't fetch its code itself, so the code is a channel, as the SageMaker Python
SDK makes it (ADR 110). Nothing here imports Pulumi.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from dags.cross_account.algorithms import as_json

CODE_CHANNEL = "code"
ARCHIVE = "sourcedir.tar.gz"

_LOG_LEVEL_INFO = 20


def script_hyperparameters(
    given: Mapping[str, str], *, entry_point: str, region: str
) -> Mapping[str, str]:
    """All hyperparameters of a script's training job, each as JSON, as the images read them."""
    own = {
        "sagemaker_container_log_level": _LOG_LEVEL_INFO,
        "sagemaker_program": entry_point,
        "sagemaker_region": region,
        "sagemaker_submit_directory": f"/opt/ml/input/data/{CODE_CHANNEL}/{ARCHIVE}",
    }
    return {
        **{name: as_json(value) for name, value in given.items()},
        **{name: json.dumps(value) for name, value in own.items()},
    }
