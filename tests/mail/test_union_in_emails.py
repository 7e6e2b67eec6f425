"""Emails have the union's colours, readable in light and dark mode, and its logo."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bridge.config import Colours, Config, UnionSettings
from bridge.mail.colours import contrast
from bridge.mail.examples import examples
from tests.support.sample_curricula import small

BUTTON = re.compile(r"\.button \{.*?background: (#\w+); color: (#\w+)", re.DOTALL)


def html(colour: str = "#14624a", logo: str = "") -> str:
    union = UnionSettings(
        name="Example", colours=Colours(main=colour), logo=Path(logo) if logo else None
    )
    config = Config(union=union)
    return examples(config, [small()])[0].render(config, "en").html


@pytest.mark.parametrize("colour", ["#14624a", "#ffee00", "#000000", "#ffffff", "#c00020"])
def test_the_colours_of_an_email_can_be_read(colour: str) -> None:
    page = html(colour)
    light, dark = BUTTON.findall(page)
    assert min(contrast(*light), contrast(*dark)) >= 4.5
    link, dark_link = re.findall(r" a \{ color: (#\w+)", page)
    assert min(contrast(link, each) for each in ("#ffffff", "#f3f5f4")) >= 4.5
    assert min(contrast(dark_link, each) for each in ("#18221d", "#0f1613")) >= 4.5


@pytest.mark.parametrize(("logo", "shown"), [("logo.png", True), ("logo.svg", False), ("", False)])
def test_an_email_shows_a_logo_that_mail_programs_can_show(logo: str, shown: bool) -> None:
    assert ('<img src="http://127.0.0.1:8080/logo"' in html(logo=logo)) is shown
