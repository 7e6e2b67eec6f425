"""Measured figures and their targets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement. `maximum` is its target; None if it is only for comparison."""

    name: str
    value: float
    unit: str
    maximum: float | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        if self.maximum is None:
            return ""
        return "reached" if self.value <= self.maximum else "MISSED"

    @property
    def target(self) -> str:
        return "" if self.maximum is None else f"≤ {_short(self.maximum)} {self.unit}".rstrip()


Bench = Callable[[], Sequence[Figure]]


def show(title: str, figures: Sequence[Figure]) -> None:
    """Print a table, plain enough to paste into a document."""
    table = Table("figure", "measured", "target", "", "note", title=title, title_justify="left")
    for figure in figures:
        value = f"{_short(figure.value)} {figure.unit}".rstrip()
        table.add_row(figure.name, value, figure.target, figure.verdict, figure.note)
    Console(width=None if Console().is_terminal else 150).print(table)


def _short(value: float) -> str:
    if value == int(value) or value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
