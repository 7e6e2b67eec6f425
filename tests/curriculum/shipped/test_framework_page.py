"""docs/framework.md lists every part of the shipped curriculum, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bridge.curriculum.library.folders import files_of
from bridge.curriculum.model import Milestone
from bridge.curriculum.reader import read_text
from bridge.curriculum.requirements.credited import required_keys
from bridge.curriculum.requirements.facts import CreditKind
from bridge.curriculum.requirements.signoff import signoff_titles
from bridge.resources import resource

PAGE = (Path(__file__).parents[3] / "docs" / "framework.md").read_text(encoding="utf-8")
READING = read_text(files_of(resource("curricula") / "member-steward-path"))
MILESTONES = (
    {each.key: each for each in READING.curriculum.milestones} if READING.curriculum else {}
)


def section_of(milestone: str) -> str:
    """The text below the heading that names a milestone, up to the next heading."""
    return PAGE.partition(f"(`{milestone}`)\n")[2].partition("\n## ")[0]


def parts_of(milestone: Milestone) -> set[str]:
    activities = {each.key for section in milestone.course.sections for each in section.activities}
    return activities | set(signoff_titles(milestone.requirements))


@pytest.mark.parametrize("key", MILESTONES)
def test_the_page_names_every_part_and_no_other(key: str) -> None:
    rows = re.findall(r"^\|.*\|(.*)\|$", section_of(key), re.MULTILINE)
    named = re.findall("`([^`]+)`", "".join(rows))
    assert set(named) == parts_of(MILESTONES[key])
    assert len(named) == len(set(named)), "a part is named twice"


def test_the_page_has_every_milestone_in_order() -> None:
    assert re.findall(r"^## .*\(`([^`]+)`\)$", PAGE, re.MULTILINE) == list(MILESTONES)


def test_the_page_names_every_session_and_what_it_counts_towards() -> None:
    assert READING.curriculum
    section = PAGE.partition("\n## Live sessions\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\|.*\| `([^`]+)` \|(.*)\|$", section, re.MULTILINE)
    named = {session: _counts_towards(text) for session, text in rows}
    assert len(named) == len(rows), "a session is named twice"
    assert named == {
        topic.key: (_requiring("session", topic.key), _requiring("led", topic.key))
        for topic in READING.curriculum.topics
    }


def _counts_towards(text: str) -> tuple[set[str], set[str]]:
    attended, _, led = text.partition("led:")
    return set(re.findall("`([^`]+)`", attended)), set(re.findall("`([^`]+)`", led))


def _requiring(kind: CreditKind, key: str) -> set[str]:
    """The milestones for which attending or leading a session counts."""
    return {
        milestone.key
        for milestone in MILESTONES.values()
        if key in required_keys(milestone.requirements, kind)
    }
