"""Which columns a model decides by, from the archive that the training job left in S3."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Sequence
from typing import Any

from clients.s3_uri import bucket_and_key
from operate.connection import Connection
from operate.errors import OperateError
from operate.outputs import MlPipeline

_MODEL = "xgboost-model"
"""The file in the archive of SageMaker's XGBoost image."""

_LARGEST = 512 * 1024 * 1024
"""Bytes of an archive that is read: XGBoost's models are far smaller."""


class UnreadableModelError(OperateError):
    """The archive holds no model whose importances can be told; a sentence says why."""


def feature_importance(
    connection: Connection, pipeline: MlPipeline, artifact: str, columns: Sequence[str]
) -> dict[str, float]:
    """Each feature's share of what all splits gained, the largest first.

    `columns` are the training data's, the label first.
    """
    bucket, key = bucket_and_key(artifact)
    found = connection.in_pipeline("s3", pipeline).get_object(Bucket=bucket, Key=key)
    if found["ContentLength"] > _LARGEST:
        raise UnreadableModelError(
            f"the archive has {found['ContentLength']} bytes: more than {_LARGEST} aren't read"
        )
    return importance_of(_model_in(found["Body"].read()), columns)


def _model_in(archive: bytes) -> bytearray:
    try:
        with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as opened:
            names = [each.name.removeprefix("./") for each in opened.getmembers() if each.isfile()]
            member = next((each for each in opened if each.name.endswith(_MODEL)), None)
            content = member and opened.extractfile(member)
            if content:
                return bytearray(content.read())
    except (EOFError, OSError, tarfile.TarError) as error:
        raise UnreadableModelError(f"the archive can't be read: {error}") from error
    raise UnreadableModelError(
        f"the archive has no {_MODEL}, as SageMaker's XGBoost image writes it, but "
        f"{', '.join(names[:3]) or 'no file'}"
    )


def importance_of(model: bytearray, columns: Sequence[str]) -> dict[str, float]:
    """Each feature's share of the gain in an XGBoost model."""
    import xgboost

    booster: Any = xgboost.Booster()
    try:
        booster.load_model(model)
        gains = booster.get_score(importance_type="total_gain")
    except (ValueError, xgboost.core.XGBoostError) as error:
        reason = str(error).strip().splitlines()[0]
        raise UnreadableModelError(f"XGBoost can't tell its importances: {reason}") from error
    names = columns[1:]
    # A column of weights isn't a feature: then the numbers are all that is certain.
    named = {f"f{number}": name for number, name in enumerate(names)}
    named = named if booster.num_features() == len(names) else {}
    whole = sum(gains.values())
    largest_first = sorted(gains.items(), key=lambda each: -each[1])
    return {named.get(name, name): gain / whole for name, gain in largest_first}
