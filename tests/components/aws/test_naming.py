"""Names: within AWS's limits, never the same for two things, never caught by another's pattern."""

from __future__ import annotations

import re
from fnmatch import fnmatch

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from components.aws import naming
from components.aws.naming import (
    BUCKET_NAME_LIMIT,
    ENVIRONMENT_NAME_LIMIT,
    FUNCTION_NAME_LIMIT,
    OWNER_PATTERN,
    PREFIX_LIMIT,
    ROLE_NAME_LIMIT,
    Names,
)
from components.topology.regions import REGIONS

RUN = "20261122T123336123456"

stacks = st.from_regex(r"[A-Za-z0-9_.-]{1,40}", fullmatch=True)
"""What Pulumi takes as a stack's name, a little shorter."""

owners = st.from_regex(OWNER_PATTERN, fullmatch=True)
account_ids = st.from_regex(r"[0-9]{12}", fullmatch=True)
regions = st.sampled_from(REGIONS)


def names_of(stack: str, project: str = "unified-pipelines") -> Names:
    return Names(project=project, stack=stack)


class TestPrefix:
    """One prefix per stack: short, plain, its own, and never the start of another's names."""

    @pytest.mark.parametrize(
        ("stack", "prefix"),
        [
            ("dev", "unified-pipelines-dev"),
            ("local", "unified-pipelines-local"),
            ("staging", "unified-pipelines-staging"),
            ("organisation/unified-pipelines/dev", "unified-pipelines-dev"),
            ("Dev", "unified-pipe-deva846c9"),
            ("dev-two", "unified-pipe-devtwo94215e"),
            ("production", "unified-pipe-produc08b718"),
        ],
    )
    def test_examples(self, stack: str, prefix: str) -> None:
        assert names_of(stack).prefix == prefix

    @given(stacks, st.from_regex(r"[A-Za-z][A-Za-z0-9_.-]{0,40}", fullmatch=True))
    def test_is_short_and_plain(self, stack: str, project: str) -> None:
        prefix = names_of(stack, project).prefix
        assert len(prefix) <= PREFIX_LIMIT
        assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)+", prefix)

    @given(stacks, stacks)
    @example("dev", "Dev")
    @example("dev", "dev-two")
    @example("dev", "d.e.v")
    @example("a_b", "a-b")
    @example("production-of-models", "production-of-mangos")
    @example("-", ".")
    def test_two_stacks_never_meet(self, one: str, other: str) -> None:
        assume(one != other)
        first, second = names_of(one).prefix, names_of(other).prefix
        assert first != second
        assert not second.startswith(f"{first}-")

    def test_two_projects_never_meet(self) -> None:
        assert names_of("b-c", "team-a").prefix != names_of("c", "team-a-b").prefix
        assert names_of("c", "Team").prefix != names_of("c", "team").prefix

    @pytest.mark.parametrize("project", ["", "4pipelines", "-x", "ünified"])
    def test_refuses_a_project_that_begins_with_no_letter(self, project: str) -> None:
        with pytest.raises(ValueError, match=r"begins with a letter.*Pulumi\.yaml"):
            names_of("dev", project)

    @pytest.mark.parametrize("stack", ["", "organisation/project/"])
    def test_refuses_a_stack_without_a_name(self, stack: str) -> None:
        with pytest.raises(ValueError, match="a letter or a digit; rename the stack"):
            names_of(stack)


class TestNames:
    """Every name begins with the prefix, fits, and belongs to one owner and purpose."""

    def test_examples(self) -> None:
        names = names_of("dev")
        assert names.environment() == "unified-pipelines-dev-hub-airflow"
        assert names.role("east1", "glue") == "unified-pipelines-dev-east1-glue"
        assert (
            names.role("east1", naming.CROSS_ACCOUNT_ROLE)
            == "unified-pipelines-dev-east1-crossaccount"
        )
        assert (
            names.role(naming.HUB_OWNER, naming.EXECUTION_ROLE)
            == "unified-pipelines-dev-hub-execution"
        )
        assert names.of("east1", "x_y", limit=255) == "unified-pipelines-dev-east1-x_y"
        assert names.training_job_prefix("west2") == "unified-pipelines-dev-west2"
        assert (
            names.bucket("east1", "222222222222", "us-east-1")
            == "unified-pipelines-dev-east1-222222222222-us-east-1"
        )

    @given(stacks, owners, st.from_regex(r"[a-z][a-z0-9_-]{0,60}[a-z0-9]", fullmatch=True))
    def test_fit(self, stack: str, owner: str, purpose: str) -> None:
        names = names_of(stack)
        for limit in (ROLE_NAME_LIMIT, ENVIRONMENT_NAME_LIMIT, FUNCTION_NAME_LIMIT):
            name = names.of(owner, purpose, limit=limit)
            assert len(name) <= limit
            assert name.startswith(f"{names.prefix}-{owner}-")
            assert re.fullmatch(r"[a-zA-Z][0-9a-zA-Z-_]*[0-9a-z]", name)

    @given(
        st.tuples(owners, st.text("ab-_", min_size=1, max_size=60)),
        st.tuples(owners, st.text("ab-_", min_size=1, max_size=60)),
    )
    @example(("a", "b" * 60), ("a", "b" * 61))
    def test_two_purposes_never_share_a_name(
        self, one: tuple[str, str], other: tuple[str, str]
    ) -> None:
        assume(one != other)
        names = names_of("dev")
        assert names.role(*one) != names.role(*other)

    @given(stacks, owners, account_ids, regions)
    @example("local", "twelvechars1", "222222222222", "ap-southeast-2")
    @example("staging", "twelvechars1", "222222222222", "us-isob-northeast-10")
    def test_buckets_fit(self, stack: str, owner: str, account_id: str, region: str) -> None:
        names = names_of(stack)
        bucket = names.bucket(owner, account_id, region)
        assert len(bucket) <= BUCKET_NAME_LIMIT
        assert re.fullmatch(r"[a-z0-9][a-z0-9-]*[a-z0-9]", bucket)
        assert bucket.startswith(f"{names.prefix}-")
        assert bucket.endswith(f"-{account_id}-{region}")

    @given(st.sets(owners, min_size=2, max_size=5), regions)
    def test_two_owners_never_share_a_bucket(self, some: set[str], region: str) -> None:
        names = names_of("dev")
        assert len({names.bucket(owner, "2" * 12, region) for owner in some}) == len(some)

    @given(stacks, owners, owners)
    @example("dev", "west", "west2")
    def test_training_jobs_fit_and_no_pattern_takes_anothers(
        self, stack: str, one: str, other: str
    ) -> None:
        names = names_of(stack)
        job = f"{names.training_job_prefix(one)}-{RUN}-99"
        assert re.fullmatch(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}", job)
        if one != other:
            assert not job.startswith(f"{names.training_job_prefix(other)}-")

    @given(stacks, owners, owners)
    def test_a_tuning_jobs_name_fits_and_is_one_pipelines(
        self, stack: str, one: str, other: str
    ) -> None:
        names = names_of(stack)
        job = f"{names.tuning_job_prefix(one)}-{RUN}-9"
        assert re.fullmatch(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,31}", job)
        assert fnmatch(job, names.tuning_jobs)
        if one != other:
            assert not job.startswith(f"{names.tuning_job_prefix(other)}-")

    @pytest.mark.parametrize("owner", ["", "East", "west-2", "1a", "twelvechars12", "a\n"])
    def test_refuses_an_owner_that_could_be_taken_for_another(self, owner: str) -> None:
        names = names_of("dev")
        with pytest.raises(ValueError, match="put the rest into the purpose"):
            names.role(owner, "glue")
        with pytest.raises(ValueError, match="expected a pipeline's name"):
            names.bucket(owner, "2" * 12, "us-east-1")
        with pytest.raises(ValueError, match="expected a pipeline's name"):
            names.training_job_prefix(owner)
        with pytest.raises(ValueError, match="expected a pipeline's name"):
            names.tuning_job_prefix(owner)
