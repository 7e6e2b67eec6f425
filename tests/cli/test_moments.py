"""Days and times as options: what is wrong, and how to write them."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from bridge.cli.moments import DAY, TIME


@click.command()
@click.option("--on", type=DAY)
@click.option("--at", type=TIME)
def show(on: object, at: object) -> None:
    click.echo(f"{on} {at}")


@pytest.mark.parametrize(
    ("words", "output"),
    [
        (("--on", "2026-12-31"), "2026-12-31 00:00:00 None"),
        (("--at", "2026-12-31 09:30"), "None 2026-12-31 09:30:00"),
        (("--on", "31/12/2026"), "write '31/12/2026' as YYYY-MM-DD, such as 2026-03-31."),
        (("--at", "2026-12-31"), "as 'YYYY-MM-DD HH:MM', such as '2026-03-31 18:00'."),
        (("--help",), "--on YYYY-MM-DD"),
    ],
)
def test_moments(words: tuple[str, ...], output: str) -> None:
    assert output in CliRunner().invoke(show, words).output
