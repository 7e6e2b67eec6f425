"""The French of the shipped curriculum has no-break spaces in Moodle."""

from __future__ import annotations

import html
import re

from bridge.curriculum.library.folders import files_of
from bridge.curriculum.reader import read_text
from bridge.desired_state import build_desired_state
from bridge.resources import resource

BREAKABLE = re.compile(
    r"(?<=[\w)»”]) ?[;?!](?=[\s)»”<]|$)|(?<=\w) :(?=\s|$)| ?»(?<!\u00a0»)|«(?!\u00a0)"
)
FRENCH = re.compile(r'<span lang="fr" class="multilang">(.*?)</span>', re.DOTALL)


def test_no_french_mark_begins_a_line_in_moodle() -> None:
    curriculum = read_text(files_of(resource("curricula") / "member-steward-path")).curriculum
    assert curriculum
    values = [v for each in build_desired_state(curriculum) for v in each.fields.values()]
    french = [f for v in values if isinstance(v, str) for f in FRENCH.findall(v)]
    assert len(french) > 100
    assert [text for text in french if BREAKABLE.search(html.unescape(text))] == []
