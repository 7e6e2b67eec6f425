"""Plots as SVG inside the page. Leather writes attributes only, so no policy has to be loosened;
colours come from static/committee.css."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.etree import ElementTree

from leather import Chart
from markupsafe import Markup

WIDTH = 720
ROOM, ROW = 96, 30
"""The height of what stands around the bars, and of one of them."""
MAX_LABEL_LENGTH = 34
"""How much of a label fits beside a bar, in characters."""


def bars(numbers: Sequence[tuple[str, int]], words: str) -> Markup:
    """One bar a row. `words` say to those who do not see it what the plot shows."""
    chart = Chart()
    rows = [(n, _short(label)) for label, n in numbers]
    chart.add_bars(rows)
    chart.add_x_scale(0, _ceiling(n for _, n in numbers))
    chart.add_x_axis(tick_formatter=_whole)
    return _svg(chart, ROOM + ROW * len(rows), words)


def shares(numbers: Sequence[tuple[str, int]], words: str) -> Markup:
    """One bar a row, in per cent of the whole width."""
    chart = Chart()
    chart.add_bars([(n, _short(label)) for label, n in numbers])
    chart.add_x_scale(0, 100)
    chart.add_x_axis(tick_formatter=_percent)
    return _svg(chart, ROOM + ROW * len(numbers), words)


def columns(numbers: Sequence[tuple[str, int]], words: str) -> Markup:
    """One column a number, from left to right."""
    chart = Chart()
    chart.add_columns(list(numbers))
    chart.add_y_scale(0, _ceiling(n for _, n in numbers))
    chart.add_y_axis(tick_formatter=_whole)
    return _svg(chart, 280, words)


def spark(numbers: Sequence[int]) -> str:
    """The points of a small line, 60 by 16, for a <polyline>."""
    top, step = max(*numbers, 1), 60 / max(len(numbers) - 1, 1)
    points = enumerate(numbers)
    return " ".join(f"{place * step:.1f},{15 - 14 * n / top:.1f}" for place, n in points)


def _svg(chart: Chart, height: int, words: str) -> Markup:
    root = ElementTree.Element(
        "svg",
        {"viewBox": f"0 0 {WIDTH} {height}", "class": "plot", "role": "img", "aria-label": words},
    )
    root.append(chart.to_svg_group(WIDTH, height))
    # ElementTree has escaped every label and the words.
    return Markup(ElementTree.tostring(root, encoding="unicode"))  # noqa: S704


def _ceiling(numbers: Iterable[int]) -> int:
    """The end of the axis: a round number, at least 4, that no number exceeds."""
    most = max((*numbers, 4))
    unit: int = 10 ** (len(str(most)) - 1)
    return next(unit * n // 2 for n in range(2, 22) if unit * n // 2 >= most)


def _whole(value: float, _place: int, _count: int) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else ""


def _percent(value: float, _place: int, _count: int) -> str:
    return f"{value:.0f} %"


def _short(label: str) -> str:
    return label if len(label) <= MAX_LABEL_LENGTH else label[: MAX_LABEL_LENGTH - 1] + "…"
