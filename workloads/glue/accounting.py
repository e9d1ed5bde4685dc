"""The rows' accounting: each row of the source ends as one of the counted outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the name every Spark program uses

from workloads.glue.arguments import Job
from workloads.glue.errors import InputError, JobError, some
from workloads.glue.kinds import Column
from workloads.glue.label import Labels
from workloads.glue.schema import written_names

CHANNELS = ("train", "validation", "rejected")
REASONS_SHOWN = 50


@dataclass(frozen=True, kw_only=True)
class Counts:
    """The number of rows by outcome, and of rejected rows by each of their reasons."""

    input: int
    train: int
    validation: int
    rejected: int
    duplicates: int
    rejected_fraction: float
    reasons: Mapping[str, int]
    last_column_filled: bool
    labels: Labels | None
    """None where no row is used."""

    @property
    def rows(self) -> dict[str, int]:
        """The counts as the manifest lists them."""
        names = ("input", "train", "validation", "rejected", "duplicates")
        return {name: getattr(self, name) for name in names}

    @property
    def most_frequent_reasons(self) -> str:
        """The most frequent reasons, with their counts."""
        return some([f"{reason} ({count})" for reason, count in self._ranked], REASONS_SHOWN)

    @property
    def shown_reasons(self) -> dict[str, int]:
        """The most frequent reasons as the manifest lists them; a row may have several."""
        return dict(self._ranked[:REASONS_SHOWN])

    @property
    def _ranked(self) -> list[tuple[str, int]]:
        return sorted(self.reasons.items(), key=lambda item: (-item[1], item[0]))


def count(rows: DataFrame, outcome: DataFrame) -> Counts:
    """Count the records before and after duplicates are dropped."""
    sums = [F.sum(name).alias(name) for name in ("copies", "lines")]
    label = F.col("label")
    groups = outcome.groupBy("channel").agg(
        F.count(F.lit(1)).alias("rows"),
        *sums,
        F.max("filled").alias("filled"),
        F.min(label).alias("smallest"),
        F.max(label).alias("largest"),
        F.min(label == F.rint(label)).alias("integers"),
    )
    found = {group["channel"]: group for group in groups.collect()}
    total = {name: found[name]["rows"] if name in found else 0 for name in CHANNELS}
    good = sum(group["copies"] for name, group in found.items() if name != "rejected")
    rejected_lines = found["rejected"]["lines"] if "rejected" in found else 0
    reasons = rows.select(F.explode("reasons").alias("reason")).groupBy("reason").count()
    return Counts(
        input=rows.count(),
        **total,
        duplicates=sum(group["copies"] - group["rows"] for group in found.values()),
        rejected_fraction=rejected_lines / max(rejected_lines + good, 1),
        reasons={row["reason"]: row["count"] for row in reasons.collect()},
        last_column_filled="train" in found and found["train"]["filled"],
        labels=_labels([found[name] for name in ("train", "validation") if name in found]),
    )


def _labels(groups: Sequence[Row]) -> Labels | None:
    if not groups:
        return None
    return Labels(
        smallest=min(group["smallest"] for group in groups),
        largest=max(group["largest"] for group in groups),
        are_integers=all(group["integers"] for group in groups),
    )


def check_counts(job: Job, counts: Counts, columns: Sequence[Column]) -> None:
    """Fail on data that can't be trained on."""
    kept = f"they are below s3://{job.bucket}/{job.folder('rejected')}"
    names = written_names(columns, job.label)
    if len(names) == 1:
        raise InputError(
            f"{job.source} has no column to train on: besides the label {job.label!r} all are "
            "dropped, or empty; docs/data.md has the rule, and `columns` in the topology overrules "
            "it."
        )
    usable = counts.train + counts.validation
    if usable == 0:
        text = any(reason.endswith(": not a number") for reason in counts.reasons)
        advice = "pin columns of text as categories, or drop them; " if text else ""
        raise InputError(
            f"None of the {counts.input} rows of {job.source} can be used: "
            f"{counts.most_frequent_reasons}; {advice}{kept}."
        )
    if counts.rejected_fraction > job.max_rejected_fraction:
        raise InputError(
            f"{counts.rejected} of the {counts.input} rows of {job.source} can't be used, "
            f"{counts.rejected_fraction:.2%} of its lines, and max_rejected_fraction allows "
            f"{job.max_rejected_fraction:.2%}: {counts.most_frequent_reasons}; {kept}."
        )
    if min(counts.train, counts.validation) < job.min_rows:
        dropped = f", {counts.duplicates} duplicates were dropped" if job.drop_duplicates else ""
        split = f" (split {job.split})" if job.split.column else ""
        choose = "change split, " if job.split.column else ""
        raise InputError(
            f"{job.source} has too few rows: {counts.train} for training and {counts.validation} "
            f"for validation{split}{dropped}, and min_rows asks for {job.min_rows} of each; "
            f"{choose}upload more rows, or lower min_rows in the topology."
        )
    if not counts.last_column_filled:
        last = names[-1]
        raise InputError(
            f"The last column of {job.source}, {last!r}, is empty in every row for training, and "
            "XGBoost would not see it at all: fill it or leave it out."
        )


def check_written(spark: SparkSession, job: Job, counts: Counts) -> None:
    """Check that what was staged is what was counted, and that it adds up to the input."""
    groups = spark.read.text(job.staged_rows).groupBy("channel").count().collect()
    staged = {group["channel"]: group["count"] for group in groups}
    expected = {name: counts.rows[name] for name in CHANNELS if counts.rows[name]}
    if staged != expected or sum(staged.values()) + counts.duplicates != counts.input:
        raise JobError(
            f"The rows don't add up, so nothing was published: counted {counts.rows}, "
            f"staged {staged}; start the job again."
        )
