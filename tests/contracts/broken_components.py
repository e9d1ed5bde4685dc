"""Mistakes that a change of a component could make, each with the invariant that it breaks."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pulumi_aws as aws
import pytest

from components.aws import naming
from components.aws.naming import Names
from components.aws.policy_document import statement
from components.connections import assume_role_policies as shards
from components.connections import hub_connections
from components.ml_pipeline import policies as iam_ml_pipeline
from components.ml_pipeline import regional_ml_pipeline
from components.pipeline.site import PipelineSite
from components.providers import Providers
from components.replication import cross_region_replication
from components.replication.policies import accept_encryption, accept_replicas


@dataclass(frozen=True, kw_only=True)
class Break:
    """A mistake that a change of a component could make, and the invariant that it breaks."""

    invariant: str
    how: Callable[[pytest.MonkeyPatch], None]
    said: str
    """Part of the first violation that the check finds, or of the program's own error."""


def _one_region(patch: pytest.MonkeyPatch) -> None:
    at = Providers.at

    def anywhere(self: Providers, account: str, region: str) -> Any:
        known = [one for alias, one in self._providers if alias == account]
        return at(self, account, min(known))

    patch.setattr(Providers, "at", anywhere)


def _one_account(patch: pytest.MonkeyPatch) -> None:
    at = Providers.at

    def anywhere(self: Providers, account: str, region: str) -> Any:
        known = [alias for alias, one in self._providers if one == region]
        return at(self, min(known), region)

    patch.setattr(Providers, "at", anywhere)


def _pattern_of_bucket(patch: pytest.MonkeyPatch) -> None:
    start = property(lambda self: f"arn:aws:s3:::{self.bucket_name[:24]}*")
    patch.setattr(PipelineSite, "bucket_arn", start)


def _pattern_of_name(patch: pytest.MonkeyPatch) -> None:
    arn = PipelineSite.arn

    def shorter(self: PipelineSite, service: str, resource: str) -> str:
        return arn(self, service, resource.replace(f"-{self.name}-", f"-{self.name}*"))

    patch.setattr(PipelineSite, "arn", shorter)


def _another_principal(patch: pytest.MonkeyPatch) -> None:
    def from_anywhere(**given: Any) -> Any:
        return accept_replicas(**{**given, "source_account_id": "999999999999"})

    patch.setattr(regional_ml_pipeline, "accept_replicas", from_anywhere)


def _another_role(patch: pytest.MonkeyPatch) -> None:
    def for_sibling(**given: Any) -> Any:
        role = given["replication_role_arn"].replace("-we-", "-w-")
        return accept_encryption(**{**given, "replication_role_arn": role})

    patch.setattr(regional_ml_pipeline, "accept_encryption", for_sibling)


def _another_action(patch: pytest.MonkeyPatch) -> None:
    def with_glue(sid: str, actions: Any, *rest: Any, **options: Any) -> Any:
        return statement(sid, "glue:StartJobRun" if sid == "CleanUp" else actions, *rest, **options)

    patch.setattr(iam_ml_pipeline, "statement", with_glue)


def _again(patch: pytest.MonkeyPatch, class_name: str) -> None:
    class_ = getattr(aws.s3, class_name)

    def twice(name: str, **inputs: Any) -> Any:
        class_(f"{name}-again", **inputs)
        return class_(name, **inputs)

    patch.setattr(aws.s3, class_name, twice)


def _one_urn(patch: pytest.MonkeyPatch) -> None:
    class_: Any = aws.kms.Alias

    def both(*name: str, **inputs: Any) -> Any:
        class_(*name, **inputs)
        return class_(*name, **inputs)

    patch.setattr(aws.kms, "Alias", both)


def _name_without_owner(patch: pytest.MonkeyPatch) -> None:
    of = Names.of

    def shared(self: Names, owner: str, purpose: str, *, limit: int) -> str:
        return of(self, "shared", purpose, limit=limit)

    patch.setattr(Names, "of", shared)


def _name_as_it_is(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(naming, "_cut", lambda text, limit: f"{text}-of-a-pipeline-in-its-own-account")


def _upper_case(patch: pytest.MonkeyPatch) -> None:
    bucket = Names.bucket
    patch.setattr(Names, "bucket", lambda *of: bucket(*of).replace("unified", "Unified"))


def _priority_by_position(patch: pytest.MonkeyPatch) -> None:
    rule, numbers = cross_region_replication._rule, itertools.count(1)

    def numbered(pipeline: str, destination: Any) -> Any:
        made = rule(pipeline, destination)
        made.priority = next(numbers)
        return made

    patch.setattr(cross_region_replication, "_rule", numbered)


def _policy_by_position(patch: pytest.MonkeyPatch) -> None:
    assume_role_policies = shards.assume_role_policies

    def by_position(roles: Mapping[str, str]) -> dict[int, str]:
        numbers = itertools.count()
        with pytest.MonkeyPatch.context() as inner:
            inner.setattr(shards, "shard_of", lambda _: next(numbers) % 10)
            return assume_role_policies(roles)

    patch.setattr(hub_connections, "assume_role_policies", by_position)
    patch.setattr(hub_connections, "shard_of", lambda _: 0)


def _number_in_name(patch: pytest.MonkeyPatch) -> None:
    numbers = itertools.count()
    of = PipelineSite.name_of

    def numbered(self: PipelineSite, purpose: str, *, limit: int) -> str:
        return of(self, f"{purpose}{next(numbers)}", limit=limit)

    patch.setattr(PipelineSite, "name_of", numbered)


BREAKS: Mapping[str, Break] = {
    "a pipeline's resources go to its account's first Region": Break(
        invariant="account_region", how=_one_region, said="is in AccountRegion("
    ),
    "a pipeline's resources go to the first account of its Region": Break(
        invariant="account_region", how=_one_account, said="is in AccountRegion("
    ),
    "a bucket's ARN is a pattern that also matches other pipelines' buckets": Break(
        invariant="strangers", how=_pattern_of_bucket, said="speaks of"
    ),
    "an ARN ends in the pipeline's name and an asterisk, without a hyphen": Break(
        invariant="strangers", how=_pattern_of_name, said="speaks of"
    ),
    "a bucket's policy lets in another account than its source's": Break(
        invariant="strangers", how=_another_principal, said="names account 999999999999"
    ),
    "a key's policy lets in another source's replication role": Break(
        invariant="strangers", how=_another_role, said="which is w-replication's"
    ),
    "an ML pipeline's role may start a Glue job": Break(
        invariant="strangers", how=_another_action, said="glue:StartJobRun is no action"
    ),
    "a bucket's policy is written twice": Break(
        invariant="once",
        how=lambda patch: _again(patch, "BucketPolicy"),
        said="has 2 policies",
    ),
    "a source's replication configuration is written twice": Break(
        invariant="once",
        how=lambda patch: _again(patch, "BucketReplicationConfig"),
        said="has 2 replication configurations",
    ),
    "two resources have one name in the program": Break(
        invariant="urn", how=_one_urn, said="is registered twice"
    ),
    "names don't carry the pipeline's": Break(
        invariant="unique", how=_name_without_owner, said="times"
    ),
    "long names aren't cut": Break(invariant="limits", how=_name_as_it_is, said="characters"),
    "a bucket's name keeps its capital letters": Break(
        invariant="limits", how=_upper_case, said="isn't spelled as AWS wants it"
    ),
    "a replication rule's priority is its position": Break(
        invariant="alone", how=_priority_by_position, said="-replication-rules changes"
    ),
    "the hub's policy for a pipeline follows from its position": Break(
        invariant="alone", how=_policy_by_position, said="hub-connections-assume-"
    ),
    "names carry a number that counts up": Break(
        invariant="alone", how=_number_in_name, said="changes with"
    ),
    "a number that counts up, and another order": Break(
        invariant="order", how=_number_in_name, said="differs"
    ),
}
