"""What all charts have in common: size, colours, and how one becomes an image in the page."""

from __future__ import annotations

import base64
import io
import warnings

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

WIDTH = 9.6
"""Inches; the page is as wide at 100 dots per inch."""

TEXT, MUTED, GRID = "#24292f", "#656d76", "#d8dee4"
FAILED, RUNNING = "#cf222e", "#bf8700"
SERVICES = {
    "Airflow": "#54748f",
    "AWS Glue": "#8250df",
    "S3 replication": "#1b7c83",
    "SageMaker": "#bc4c00",
}
CHANNELS = {
    "train": "#0969da",
    "validation": "#e16f24",
    "rejected": FAILED,
    "duplicates": "#afb8c1",
}

mpl.rcParams.update(
    {
        # Text stays text, in the reader's own fonts, and a dollar sign is one.
        "svg.fonttype": "none",
        "text.parse_math": False,
        "svg.hashsalt": "report",
        "font.size": 8,
        "text.color": TEXT,
        "axes.labelcolor": MUTED,
        "axes.edgecolor": GRID,
        "axes.titlesize": 8,
        "axes.titleweight": "bold",
        "grid.color": GRID,
        "grid.linewidth": 0.6,
        "xtick.color": MUTED,
        "ytick.color": TEXT,
        "legend.frameon": False,
    }
)

_LONGEST = 44
"""Characters of a name in a chart."""


def chart(width: float, height: float, columns: int = 1) -> tuple[Figure, list[Axes]]:
    """A figure of plots side by side, without the lines that mean nothing."""
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.subplots(1, columns, squeeze=False)[0]
    for each in axes:
        each.spines[["top", "right", "left"]].set_visible(False)
        each.tick_params(length=0)
        each.set_axisbelow(True)
    return figure, list(axes)


def image(figure: Figure) -> str:
    """The figure as a data URI of SVG, in which no browser runs a script."""
    file = io.BytesIO()
    with warnings.catch_warnings():
        # The browser has a font for what matplotlib's own lacks.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    return f"data:image/svg+xml;base64,{base64.b64encode(file.getvalue()).decode()}"


def label(text: str) -> str:
    """A name from the data, short, and without characters that SVG has no place for."""
    plain = "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)
    return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST - 1]}…"
