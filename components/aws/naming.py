"""Physical names and ARNs: pure functions of project, stack, owner and purpose.

Two sides that need each other's ARN (the execution role in a trust, the replication role in a
destination's bucket policy) compute it here instead of waiting for one another, which cuts every
dependency cycle. Nothing here imports Pulumi, and nothing here knows the topology.

Names are made so that IAM may guard by `<prefix>-*` (a stack) and `<prefix>-<owner>-*` (a
pipeline): neither the stack's part of the prefix nor an owner holds a hyphen, so no such pattern
of one stack or owner matches a name of another.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass

HUB_OWNER = "hub"
"""The owner part of the hub's names; no pipeline may have this name."""

OWNER_PATTERN = r"[a-z][a-z0-9]{0,11}"
"""An owner: `HUB_OWNER`, or the name of a pipeline or an access. Without a hyphen, see above."""

ACCESS_LOGS_OWNER = "serveraccesslogs"
"""The owner part of log buckets' names: longer than any pipeline's name."""

BACKUP_OWNER = "metadatabackups"
"""The owner part of the name of the backups' bucket, for the same reason."""

CROSS_ACCOUNT_ROLE = "crossaccount"
"""The purpose of a pipeline's or an access's role that the hub works as."""

EXECUTION_ROLE = "execution"
"""The purpose of the hub's role that the environment works as."""

ROTATION = "rotation"
"""The purpose of the hub's role and function that rotate the ExternalIds."""

# Limits of AWS: the API references of IAM, S3, Lambda, MWAA, Glue, KMS, CloudWatch, CloudWatch
# Logs, EventBridge and SNS.
ROLE_NAME_LIMIT = 64
POLICY_NAME_LIMIT = 128
BUCKET_NAME_LIMIT = 63
FUNCTION_NAME_LIMIT = 64
ENVIRONMENT_NAME_LIMIT = 80
GLUE_NAME_LIMIT = 255
KEY_ALIAS_LIMIT = 250
LOG_GROUP_NAME_LIMIT = 512
ALARM_NAME_LIMIT = 255
TOPIC_NAME_LIMIT = 256
DASHBOARD_NAME_LIMIT = 255
BUDGET_NAME_LIMIT = 100
EVENT_RULE_NAME_LIMIT = 64

PREFIX_LIMIT = 25
"""Characters of a stack's prefix: what a training job's name leaves for it.

63 in all, less a hyphen and 12 of the pipeline, a hyphen and 21 of the run, and `-NN`.
"""

_HASH_LENGTH = 6
_SHORT_PROJECT = 12
_SHORT_STACK = PREFIX_LIMIT - _SHORT_PROJECT - 1 - _HASH_LENGTH


_TUNING_LETTERS = 4
"""Of the stack, and as many of the pipeline: what a tuning job's name leaves for both.

32 in all, less a hyphen and 21 of the run, and `-N`.
"""


def _letters(text: str) -> str:
    """Letters and digits of a hash of `text`."""
    digest = base64.b32encode(hashlib.sha256(text.encode()).digest())
    return digest.decode().lower()[:_TUNING_LETTERS]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_HASH_LENGTH]


def _slug(text: str, *, hyphen: str) -> str:
    """`text` in the characters that every one of the AWS names here allows."""
    return re.sub(r"[^a-z0-9]+", hyphen, text.lower()).strip("-")


def _cut(text: str, limit: int) -> str:
    """`text` itself where it fits, else its beginning, if there is room, and a hash of it all."""
    if len(text) <= limit:
        return text
    if limit <= _HASH_LENGTH + 1:
        return _digest(text)[:limit]
    return f"{text[: limit - _HASH_LENGTH - 1].rstrip('-_')}-{_digest(text)}"


class StackNameError(ValueError):
    """A project or stack has a name that can't become part of an AWS name."""


@dataclass(frozen=True, kw_only=True)
class Names:
    """Every physical name of one stack.

    All names begin with `prefix`. A name that would be longer than AWS allows is cut and ends in
    a hash of the whole, so two names stay two.

    `stack` is a bare name or `organisation/project/stack`, whose last part tells it apart.

    Raises:
        StackNameError: the project's name doesn't begin with a letter (MWAA and IAM need one), or
            the stack's has nothing that an AWS name can hold.
    """

    project: str
    stack: str

    def __post_init__(self) -> None:
        """Refuse a project or stack that would give a name that AWS refuses."""
        if not re.match(r"[A-Za-z]", self.project):
            raise StackNameError(
                f"project {self.project!r}: expected a name that begins with a letter, as AWS "
                "names made of it do; rename the project in Pulumi.yaml"
            )
        if not self._bare_stack:
            raise StackNameError(
                f"stack {self.stack!r}: expected a name with a letter or a digit; rename the stack"
            )

    @property
    def _bare_stack(self) -> str:
        return self.stack.split("/")[-1]

    @property
    def prefix(self) -> str:
        """What every name of the stack begins with, at most `PREFIX_LIMIT` characters.

        `<project>-<stack>` where both can stand as they are; else both are shortened to plain
        letters and digits, and a hash of what they were keeps `Dev`, `dev` and `d.e.v` apart.
        """
        project, stack = _slug(self.project, hyphen="-"), _slug(self._bare_stack, hyphen="")
        plain = f"{project}-{stack}"
        if len(plain) <= PREFIX_LIMIT and plain == f"{self.project}-{self._bare_stack}":
            return plain
        digest = _digest(f"{self.project}/{self._bare_stack}")
        return f"{project[:_SHORT_PROJECT].rstrip('-')}-{stack[:_SHORT_STACK]}{digest}"

    @property
    def deploy_role(self) -> str:
        """The name of the role that deploys the stack; no role of the stack has its prefix."""
        return f"deploy-{self.prefix}"

    @property
    def operator_role(self) -> str:
        """The name of the role that people work as after a deployment; no role of the stack's."""
        return f"operate-{self.prefix}"

    @property
    def preview_role(self) -> str:
        """The name of the role that a preview works as, which reads; no role of the stack's."""
        return f"preview-{self.prefix}"

    @property
    def github_role(self) -> str:
        """The name of the role by which GitHub's deployment enters the hub's account."""
        return f"github-deploy-{self.prefix}"

    @property
    def state(self) -> str:
        """The alias of the key of Pulumi's state, and the beginning of its bucket's name."""
        return f"state-{self.prefix}"

    @property
    def boundary(self) -> str:
        """The name of the permissions boundary of every role of the stack."""
        return f"boundary-{self.prefix}"

    def access_boundary(self, access: str) -> str:
        """The name of the permissions boundary of an access's role."""
        return f"{self.boundary}-{_checked(access)}"

    def of(self, owner: str, purpose: str, *, limit: int) -> str:
        """The name of what `owner` (a pipeline's name or `HUB_OWNER`) has for `purpose`.

        At most `limit` characters.
        """
        room = limit - len(self.prefix) - 1
        return f"{self.prefix}-{_cut(f'{_checked(owner)}-{purpose}', room)}"

    def role(self, owner: str, purpose: str) -> str:
        """The name of an IAM role."""
        return self.of(owner, purpose, limit=ROLE_NAME_LIMIT)

    def bucket(self, owner: str, account_id: str, region: str) -> str:
        """The name of `owner`'s bucket: carries account and Region, so it is free worldwide."""
        return self._bucket(_checked(owner), account_id, region)

    def log_bucket(self, account_id: str, region: str) -> str:
        """The name of the bucket that takes the access logs of the Region's other buckets."""
        return self._bucket(ACCESS_LOGS_OWNER, account_id, region)

    def backup_bucket(self, account_id: str, region: str) -> str:
        """The name of the bucket of the backups of Airflow's metadata."""
        return self._bucket(BACKUP_OWNER, account_id, region)

    def _bucket(self, owner: str, account_id: str, region: str) -> str:
        suffix = f"{account_id}-{region}"
        room = BUCKET_NAME_LIMIT - len(self.prefix) - len(suffix) - 2
        return f"{self.prefix}-{_cut(owner, room)}-{suffix}"

    def environment(self) -> str:
        """The name of the Amazon MWAA environment."""
        return self.of(HUB_OWNER, "airflow", limit=ENVIRONMENT_NAME_LIMIT)

    def training_job_prefix(self, pipeline: str) -> str:
        """What the names of a pipeline's training jobs begin with, less the hyphen."""
        return f"{self.prefix}-{_checked(pipeline)}"

    @property
    def tuning_jobs(self) -> str:
        """The pattern of the names of the stack's tuning jobs, and of their training jobs."""
        return f"{_letters(self.prefix)}{'?' * _TUNING_LETTERS}-*"

    def tuning_job_prefix(self, pipeline: str) -> str:
        """What the names of a pipeline's tuning jobs begin with, less the hyphen.

        A hash, the one name without the stack's prefix, for want of space (ADR 122). Their training
        jobs' names begin with the tuning job's.
        """
        return _letters(self.prefix) + _letters(f"{self.prefix}-{_checked(pipeline)}")


def _checked(owner: str) -> str:
    """`owner`, or a ValueError where names made of it could be taken for another owner's."""
    if re.fullmatch(OWNER_PATTERN, owner):
        return owner
    raise ValueError(
        f"owner {owner!r}: expected a pipeline's name or {HUB_OWNER!r}, matching "
        f"{OWNER_PATTERN}; put the rest into the purpose"
    )
