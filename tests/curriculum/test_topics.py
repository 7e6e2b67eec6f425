"""sessions.yaml is read, its mistakes are reported where they are, and parts earn a credit."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bridge.curriculum.audience import Audience
from bridge.curriculum.descriptions import names_of
from bridge.curriculum.editing.referenced_names import referenced_names
from bridge.curriculum.model import Curriculum
from bridge.curriculum.reader import Reading, read_text
from bridge.curriculum.requirements.credited import Credited
from bridge.curriculum.requirements.facts import NO_FACTS, CreditFact
from bridge.curriculum.schema.topic_fields import TOPIC_RECORDS
from bridge.curriculum.topics import TopicPart
from bridge.progress import evaluate
from tests.curriculum.sample_files import FIRST, changed, files, only

SESSIONS = """\
sessions:
  - session: hearings
    previously: hearing
    title: Hearings
    description: |
      What a hearing is.
    audience: {role: steward, milestone: first-step}
    minutes: 90
    parts:
      - part: case
        title: Preparing the case
      - part: day
        previously: the-day
        title: The day itself
    credit: any-part
    attend: 60
  - session: open-evening
    title: Open evening
    audience: everyone
    credit: none
"""
PAGE = Path(__file__).parents[2] / "docs" / "curricula.md"
REQUIREMENT = "next: Go on.\n"
"""What follows the last requirement of the sample file."""


def read(text: str = SESSIONS, requirement: str = "") -> Reading:
    first = changed(FIRST, REQUIREMENT, f"{requirement}{REQUIREMENT}") if requirement else FIRST
    return read_text({**files(first=first), "sessions.yaml": text.encode()})


def curriculum_of(reading: Reading) -> Curriculum:
    assert reading.curriculum, reading.problems
    return reading.curriculum


def test_topics_are_read() -> None:
    series, evening = curriculum_of(read()).topics
    assert (series.key, series.minutes, series.attend) == ("hearings", 90, 60)
    assert [each.key for each in series.parts] == ["case", "day"]
    assert series.audience == Audience(role="steward", milestone="first-step")
    assert (evening.audience.everyone, evening.minutes, evening.attend) == (True, 120, 75)
    assert (evening.parts, evening.credit) == ((), "none")


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        ("session: open-evening", "session: hearings", "17:14", "key `hearings` is used twice"),
        ("previously: hearing", "previously: open-evening", "3:17", "the key of another session"),
        ("part: day", "part: case", "12:15", "The part key `case` is used twice"),
        ("milestone: first-step", "milestone: frist", "7:42", "There is no milestone `frist`."),
        ("minutes: 90", "minutes: 0", "8:14", "is not between 5 and 1,440"),
        ("credit: any-part", "credit: some", "15:13", "`some` is not one of `all-parts`"),
        ("credit: none", "credit: any-part", "20:13", "`any-part` needs `parts`."),
        ("title: Open evening", "titel: Open evening", "18:5", "Unknown key `titel`."),
        ("sessions:", "milestone: x\nsesions:", "1:1", "must begin with `sessions: …`."),
    ],
)
def test_mistakes_are_reported_with_their_place(
    old: str, new: str, place: str, message: str
) -> None:
    text = SESSIONS.replace(old, new, 1) if old == "sessions:" else changed(SESSIONS, old, new)
    reading = read(text)
    assert reading.curriculum is None
    found = [(f"{each.line}:{each.column}", each.message) for each in reading.errors]
    assert any(where == place and message in text for where, text in found), found


def test_topics_belong_in_their_own_file() -> None:
    reading = read_text({**files(), "more.yaml": SESSIONS.encode()})
    assert "`sessions:` belongs only in sessions.yaml." in reading.errors[0].message


@pytest.mark.parametrize("kind", ["session", "led"])
def test_a_milestone_can_require_only_topics_that_exist(kind: str) -> None:
    problem = only(read(requirement=f"  - {kind}: hearngs\n"))
    assert "There is no session `hearngs`." in problem.message
    assert "hearings" in problem.suggestion
    assert read(requirement=f"  - {kind}: hearings\n").problems == ()
    without = files(first=changed(FIRST, REQUIREMENT, f"  - {kind}: hearngs\n{REQUIREMENT}"))
    assert read_text(without).problems == ()


def test_a_required_topic_must_earn_a_credit() -> None:
    problem = only(read(requirement="  - session: open-evening\n"))
    assert "nobody earns it" in problem.message
    assert problem.line == 20


def test_a_requirement_is_called_like_its_topic() -> None:
    requirement = "  - session: hearings\n  - led: hearings\n    title: A hearing\n"
    path = curriculum_of(read(requirement=requirement))
    attend, lead = path.milestones[0].requirements[-2:]
    names = names_of(path, "en", {})
    assert str(attend.words(names)) == "Attend the session “Hearings”"
    assert str(lead.words(names)) == "Lead the session “A hearing”"
    assert names.credits["session:hearing"] == "Hearings"


def test_editors_complete_the_topics() -> None:
    names = referenced_names({**files(), "sessions.yaml": SESSIONS.encode()})
    assert names["session"] == names["led"] == ("hearings", "open-evening")


def test_former_keys_are_found() -> None:
    path = curriculum_of(read())
    series = path.topic("hearing")
    assert series is path.topic("hearings") is path.topics[0]
    assert series.part("the-day") == series.parts[1] == series.part("day")
    assert isinstance(series.parts[0], TopicPart)
    assert path.topic("gone") is None


def test_a_credit_for_a_renamed_topic_still_counts() -> None:
    path = curriculum_of(read())
    first = replace(path.milestones[0], requirements=(Credited("hearings", "session"),))
    path = replace(path, milestones=(first,))
    day = date(2026, 3, 31)
    for key, earned in (("hearing", ("first-step",)), ("other", ())):
        facts = replace(
            NO_FACTS, credits=frozenset({CreditFact("session", key, day)}), today=day,
            roles=frozenset({first.entry.role}), status="member",
        )  # fmt: skip
        assert evaluate(path, facts).earned == earned


def test_every_key_is_documented_with_whether_it_is_required() -> None:
    section = PAGE.read_text("utf-8").partition("\n## Sessions\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `([a-z-]+)` \| (required|) ?\|", section, re.MULTILINE)
    keys = [each for record in TOPIC_RECORDS for each in record.keys]
    assert rows == [(each.name, "required" if each.required else "") for each in keys]
