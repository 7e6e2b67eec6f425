from __future__ import annotations

import json
import re
from pathlib import Path

import click
import pytest

from bridge.cli.common import echo, print_note, show_json
from bridge.cli.terminal import for_terminal

BAD = "Kim\x1b]0;title\x07\x1b[2J\u202e\u200b\rRoot"


def test_nothing_that_a_terminal_obeys_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    echo(BAD)
    print_note(BAD)
    for text in capsys.readouterr():
        assert not set(text) & set("\x1b\x07\r\u202e\u200b")
        assert "Kim\\x1b]0;title\\x07" in text


def test_lines_and_our_colours_stay() -> None:
    text = f"one\ntwo\t{click.style('+', fg='green', bold=True)}{click.style('x', dim=True)}"
    assert for_terminal(text) == text


def test_json_stays_json(capsys: pytest.CaptureFixture[str]) -> None:
    show_json({"name": BAD, "tag": "\U000e0041"})
    out = capsys.readouterr().out
    assert json.loads(out) == {"name": BAD, "tag": "\U000e0041"}
    assert not set(out) & set("\u202e\u200b\U000e0041")


def test_only_one_place_prints() -> None:
    folder = Path(__file__).parents[2] / "bridge" / "cli"
    allowed = {"common.py", "__init__.py"}
    found = [
        str(file)
        for file in folder.rglob("*.py")
        if re.search(r"click\.s?echo|\bprint\(", file.read_text()) and file.name not in allowed
    ]
    assert not found, "print with echo or print_note of bridge/cli/common.py"
