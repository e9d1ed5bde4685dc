"""What a training job did: the metric of each boosting round, and what the model decides by."""

from __future__ import annotations

from matplotlib.ticker import MaxNLocator

from operate.page.drawing import CHANNELS, SERVICES, WIDTH, chart, image, label

_FEATURES = 12
"""Features that are shown."""

_METRICS = 3
"""Metrics that are shown side by side."""


def rounds_chart(rounds: dict[str, dict[str, list[tuple[int, float]]]]) -> str | None:
    """A plot per metric, with a line for each data set; None without a round."""
    shown = list(rounds.items())[:_METRICS]
    if not shown:
        return None
    figure, plots = chart(WIDTH * 0.52, 2.6, columns=len(shown))
    for axes, (metric, curves) in zip(plots, shown, strict=True):
        for data, points in curves.items():
            numbers, values = zip(*points, strict=True)
            axes.plot(numbers, values, color=CHANNELS[data], label=data, marker=".", markersize=4)
        axes.set_title(label(metric), loc="left")
        axes.set_xlabel("boosting round")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid()
        axes.legend(loc="best")
    return image(figure)


def importance_chart(importance: dict[str, float]) -> str | None:
    """The features with the largest shares, the largest on top; None without one."""
    shown = list(importance.items())[:_FEATURES]
    if not shown:
        return None
    figure, (axes,) = chart(WIDTH * 0.48, 2.6)
    shares = [share * 100 for _, share in shown]
    bars = axes.barh(range(len(shown)), shares, color=SERVICES["SageMaker"], height=0.7)
    axes.bar_label(bars, fmt="%.1f %%", size=7, padding=3)
    axes.set_yticks(range(len(shown)), [label(name) for name, _ in shown])
    axes.invert_yaxis()
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.set_xlim(0, max(shares) * 1.15)
    return image(figure)
