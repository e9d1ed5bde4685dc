"""What became of a run's rows, and how the run compares with the last ones."""

from __future__ import annotations

from typing import Any

from operate.page.drawing import CHANNELS, WIDTH, chart, image


def rows_chart(rows: dict[str, int]) -> str:
    """One bar: what became of the rows of the raw file."""
    figure, (axes,) = chart(WIDTH, 0.75)
    begin = 0
    for name, colour in CHANNELS.items():
        if rows[name]:
            axes.barh(0, rows[name], left=begin, color=colour, label=f"{name} {rows[name]:,}")
        begin += rows[name]
    axes.set_xlim(0, max(begin, 1))
    axes.axis("off")
    axes.legend(loc="upper left", bbox_to_anchor=(-0.01, 0), ncols=len(CHANNELS))
    return image(figure)


def last_runs_chart(runs: list[dict[str, Any]]) -> str | None:
    """How long the last runs took, and what their jobs used; None where none has ended."""
    ended = [run for run in runs if run["seconds"] is not None]
    if not ended:
        return None
    parts = {
        "seconds from start to end": "seconds",
        "Glue: DPU seconds": "glue_seconds",
        "SageMaker: billed seconds": "training_seconds",
    }
    figure, plots = chart(WIDTH, 1.9, columns=len(parts))
    for axes, (title, name) in zip(plots, parts.items(), strict=True):
        values = [run[name] or 0 for run in ended]
        colours = [CHANNELS["train"] if run["is_this"] else CHANNELS["duplicates"] for run in ended]
        bars = axes.bar(range(len(ended)), values, color=colours, width=0.7)
        axes.bar_label(bars, fmt="%.0f", size=7)
        axes.set_title(title, loc="left")
        axes.set_xticks(range(len(ended)), [_moment(run["run"]) for run in ended], size=6.5)
        axes.set_yticks([])
        axes.set_ylim(0, max(1, *values) * 1.15)
    return image(figure)


def _moment(run: str) -> str:
    """When a run was due, in two lines."""
    return f"{run[4:6]}-{run[6:8]}\n{run[9:11]}:{run[11:13]}"
