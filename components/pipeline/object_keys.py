"""Where objects are in the pipelines' buckets: prefixes, and the patterns that policies name.

`run=*` stands for any run: a policy can't know the runs to come.
"""

from __future__ import annotations

from hashlib import sha256

from components.topology.limits import RAW_KEY_PLACEHOLDERS

_HASH_CHARACTERS = 16

SCRIPTS = "scripts/"
RAW = "raw/"
VERIFICATION = f"{RAW}verification/"
"""The samples by which a deployment is verified."""

STAGING = "staging/"
TRANSFORMED = "transformed/"
REJECTED = "rejected/"
CONFIG = "config/"
MODELS = "models/"
RUNS = "runs/"
CHECKPOINTS = "checkpoints/"

MANIFESTS = f"{TRANSFORMED}run=*/_manifest.json"
"""The files that say which parts belong to a run: written last, and never cleaned up."""

RUN_FILES = f"{TRANSFORMED}run=*/*/*"
"""The files of the runs' attempts, which are replicated; without the manifests."""

CHOSEN_RUNS = f"{RUNS}*/sources.json"
"""Which runs of several sources a training takes: written by its DAG run's first task."""

COMBINED_FILES = f"{TRANSFORMED}run=*/combined/*"
"""Copies of the files of several sources' runs, for one training."""

MODEL_ARCHIVES = f"{MODELS}run=*/output/model.tar.gz"
"""What the training jobs leave of the runs."""

RUN_PREFIXES = f"{TRANSFORMED}run=*"
"""The list prefixes that stay within the runs' own folders."""

TRAINED_TAG = ("trained", "true")
"""Of rows that have a model: the clean-up function sets it, a lifecycle rule looks for it."""

GLUE_SCRIPT = f"{SCRIPTS}mwaa_glue_raw_to_transform.py"
GLUE_PACKAGE = f"{SCRIPTS}glue_package.zip"
GLUE_SETTINGS = f"{SCRIPTS}glue_settings.json"
GLUE_CODE = f"{SCRIPTS}glue/"
"""The files of teams' own scripts, each below its hash."""

GLUE_TEMPORARY = f"{STAGING}glue-temporary/"
TRAINING_CODE = f"{SCRIPTS}training/"
"""The scripts that models are trained with, each below its hash."""

TRAINING_CONFIG = f"{CONFIG}training_config.json"


def hash_of(content: bytes) -> str:
    """What a key has in it of what the object is, so that no other content overwrites it."""
    return sha256(content).hexdigest()[:_HASH_CHARACTERS]


def pattern_of(raw_key: str) -> str:
    """The keys that the raw file has in different runs: `{date}` and `{hour}` are wildcards."""
    for placeholder in RAW_KEY_PLACEHOLDERS:
        raw_key = raw_key.replace(placeholder, "*")
    return raw_key


def objects(bucket_arn: str, *prefixes: str) -> list[str]:
    """ARN patterns of every object of a bucket whose key begins with one of `prefixes`."""
    return [f"{bucket_arn}/{prefix}*" for prefix in prefixes]
