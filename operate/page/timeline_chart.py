"""When a run did what: a bar per task and job, in a lane per service, account and Region."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from matplotlib.axes import Axes

from operate.page.drawing import FAILED, GRID, MUTED, RUNNING, SERVICES, WIDTH, chart, image, label

_ROW, _HEADING, _EDGES = 0.2, 1.5, 0.6
"""Inches of a bar's row and of the edges; the rows that a lane's heading takes."""

_NAMES = 0.27
"""The width of the names, as a part of the plot's."""

_INDENT = "\N{NO-BREAK SPACE}" * 3

_BESIDE: dict[str, Any] = {"textcoords": "offset points", "va": "center", "size": 7}

_BAD = frozenset({"failed", "upstream_failed", "timeout", "error", "stopped"})

_UNITS = ((3 * 3600, 3600, "h"), (600, 60, "min"), (0, 1, "s"))
"""From how many seconds on the axis is in which unit."""

_WORDS = {"h": "hours", "min": "minutes", "s": "seconds"}


class _Span(NamedTuple):
    begin: float
    length: float
    unit: str


def timeline_chart(lanes: list[dict[str, Any]], now: datetime) -> str | None:
    """The lanes from top to bottom; None where nothing has started."""
    bars = [bar for lane in lanes for bar in lane["bars"]]
    if not bars:
        return None
    first = min(_time(bar["started"]) for bar in bars)
    whole = max(_end(bar, now) for bar in bars) - first
    seconds, unit = next(
        (each, name) for least, each, name in _UNITS if whole.total_seconds() >= least
    )
    rows = len(bars) + _HEADING * len(lanes)
    figure, (axes,) = chart(WIDTH, rows * _ROW + _EDGES)
    place = 0.0
    for lane in lanes:
        place += _HEADING
        _heading(axes, lane, place - 0.95)
        for bar in lane["bars"]:
            begin = (_time(bar["started"]) - first) / timedelta(seconds=seconds)
            length = (_end(bar, now) - _time(bar["started"])) / timedelta(seconds=seconds)
            _bar(axes, lane, bar, place, _Span(begin, length, unit))
            place += 1
    axes.set_ylim(place - 0.3, -0.05)
    axes.set_xlim(0, whole / timedelta(seconds=seconds) * 1.08)
    axes.set_yticks([])
    axes.set_xlabel(f"{_WORDS[unit]} since {first:%Y-%m-%d %H:%M:%S} UTC")
    axes.grid(axis="x")
    return image(figure)


def _heading(axes: Axes, lane: dict[str, Any], place: float) -> None:
    axes.axhline(place - 0.55, color=GRID, linewidth=0.6)
    colour = SERVICES[lane["service"]]
    _in_front(axes, place, f"{lane['service']} {label(lane['of'])}", weight="bold", color=colour)
    axes.annotate(lane["where"], (0, place), (3, 0), color=MUTED, **_BESIDE)


def _bar(axes: Axes, lane: dict[str, Any], bar: dict[str, Any], place: float, span: _Span) -> None:
    is_bad, is_over = bar["state"].lower() in _BAD, bar["ended"] is not None
    colour = SERVICES[lane["service"]] if is_over else RUNNING
    axes.barh(place, span.length, left=span.begin, height=0.62, color=FAILED if is_bad else colour)
    said = f"{span.length:.1f} {span.unit}"
    if is_bad or not is_over:
        said += f", {bar['state']}"
    end = span.begin + span.length
    axes.annotate(said, (end, place), (3, 0), color=FAILED if is_bad else MUTED, **_BESIDE)
    _in_front(axes, place, f"{_INDENT}{label(bar['name'])}")


def _in_front(axes: Axes, place: float, text: str, **style: Any) -> None:
    """Left of the axis, where all texts begin at the same place."""
    transform = axes.get_yaxis_transform()
    axes.text(-_NAMES, place, text, transform=transform, va="center", **style)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _end(bar: dict[str, Any], now: datetime) -> datetime:
    return _time(bar["ended"]) if bar["ended"] else now
