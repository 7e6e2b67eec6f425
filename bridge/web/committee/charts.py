"""Charts as inline SVG.

Leather writes no inline styles, so the content security policy stays strict. The colours are in
static/committee.css.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.etree import ElementTree

from leather import Chart
from markupsafe import Markup

WIDTH = 720
FRAME_HEIGHT, BAR_HEIGHT = 96, 30
"""Heights around the bars, and of one bar, in SVG units."""
MAX_LABEL_LENGTH = 34
"""How many characters of a label fit beside a bar."""


def bars(numbers: Sequence[tuple[str, int]], description: str) -> Markup:
    """A horizontal bar for each label and number. `description`: the text for screen readers."""
    chart = Chart()
    rows = [(n, _short(label)) for label, n in numbers]
    chart.add_bars(rows)
    chart.add_x_scale(0, _ceiling(n for _, n in numbers))
    chart.add_x_axis(tick_formatter=_whole)
    return _svg(chart, FRAME_HEIGHT + BAR_HEIGHT * len(rows), description)


def percentages(numbers: Sequence[tuple[str, int]], description: str) -> Markup:
    """A horizontal bar for each label and percentage, on a scale from 0 to 100."""
    chart = Chart()
    chart.add_bars([(n, _short(label)) for label, n in numbers])
    chart.add_x_scale(0, 100)
    chart.add_x_axis(tick_formatter=_percent)
    return _svg(chart, FRAME_HEIGHT + BAR_HEIGHT * len(numbers), description)


def columns(numbers: Sequence[tuple[str, int]], description: str) -> Markup:
    """A column for each label and number."""
    chart = Chart()
    chart.add_columns(list(numbers))
    chart.add_y_scale(0, _ceiling(n for _, n in numbers))
    chart.add_y_axis(tick_formatter=_whole)
    return _svg(chart, 280, description)


def sparkline_points(numbers: Sequence[int]) -> str:
    """The points of a sparkline, 60 by 16, for a <polyline>."""
    top, distance = max(*numbers, 1), 60 / max(len(numbers) - 1, 1)
    return " ".join(
        f"{index * distance:.1f},{15 - 14 * n / top:.1f}" for index, n in enumerate(numbers)
    )


def _svg(chart: Chart, height: int, description: str) -> Markup:
    root = ElementTree.Element(
        "svg",
        {
            "viewBox": f"0 0 {WIDTH} {height}",
            "class": "plot",
            "role": "img",
            "aria-label": description,
        },
    )
    root.append(chart.to_svg_group(WIDTH, height))
    # ElementTree escapes every label and the description.
    return Markup(ElementTree.tostring(root, encoding="unicode"))  # noqa: S704


def _ceiling(numbers: Iterable[int]) -> int:
    """The end of the axis: a round number, at least 4 and at least the largest number."""
    most = max((*numbers, 4))
    unit: int = 10 ** (len(str(most)) - 1)
    return next(unit * n // 2 for n in range(2, 22) if unit * n // 2 >= most)


def _whole(value: float, _index: int, _count: int) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else ""


def _percent(value: float, _index: int, _count: int) -> str:
    return f"{value:.0f}\u00a0%"


def _short(label: str) -> str:
    return label if len(label) <= MAX_LABEL_LENGTH else label[: MAX_LABEL_LENGTH - 1] + "…"
