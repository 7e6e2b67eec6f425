"""programs.yaml is read, and requirements find its programs and parts."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from bridge.curriculum.audience import Audience
from bridge.curriculum.descriptions import names_of
from bridge.curriculum.editing.referenced_names import referenced_names
from bridge.curriculum.model import Curriculum
from bridge.curriculum.programs import EquityGoal, Round
from bridge.curriculum.reader import Reading, read_text
from bridge.curriculum.requirements.facts import NO_FACTS, CreditFact
from bridge.curriculum.schema.json_schema import json_schema
from bridge.curriculum.schema.program_fields import PROGRAM_RECORDS
from bridge.progress import apply_renames
from tests.curriculum.programs.sample_programs import MENTORING, PROGRAMS, TOPICS, read_programs
from tests.curriculum.sample_files import FIRST, changed, files, only

PAGE = Path(__file__).parents[3] / "docs" / "curricula.md"
REQUIREMENT = "next: Go on.\n"
"""What follows the last requirement of the sample file."""


def curriculum_of(reading: Reading) -> Curriculum:
    assert reading.curriculum, reading.problems
    return reading.curriculum


def requiring(line: str) -> Reading:
    return read_programs(first=changed(FIRST, REQUIREMENT, f"  - {line}\n{REQUIREMENT}"))


def test_a_program_is_read() -> None:
    reading = read_programs()
    assert reading.problems == ()
    program = curriculum_of(reading).programs[0]
    form = program.form("applicant")
    assert form
    assert (form.key, form.readers, str(form.title.pick())) == (
        "leadership/applicant", "reviewers", "Leadership",
    )  # fmt: skip
    assert [each.key for each in form.fields] == ["why"]
    assert program.rounds == (
        Round("2027", date(2027, 1, 10), datetime.fromisoformat("2027-02-10 17:00"),
              date(2027, 3, 1), date(2027, 8, 31), "America/Toronto", 20),
    )  # fmt: skip
    assert program.audience.stewards
    assert program.eligible == Audience(milestone="first-step")
    assert [(each.key, each.points) for each in program.criteria] == [("commitment", 5)]
    assert program.reviewers == ("committee",)
    assert program.mentoring is None


def test_a_mentoring_program_is_read() -> None:
    path = curriculum_of(read_programs())
    program = path.program("buddies")
    assert program is path.program("pairs") is path.programs[1]
    assert [(side, form.key, form.previously) for side, form in program.forms] == [
        ("mentee", "pairs/mentee", "buddies/mentee"),
        ("mentor", "pairs/mentor", "buddies/mentor"),
    ]
    assert program.earlier == ("old-pairs",)
    assert program.rounds[0].closes == datetime.fromisoformat("2027-02-10 23:59")
    assert (program.rounds[0].zone, program.rounds[0].seats) == ("", None)
    assert program.reviewers == ("reviewers",)
    mentoring = program.mentoring
    assert mentoring
    theory, practice = mentoring.parts
    assert (theory.sessions, theory.hours, theory.tasks) == (("hearings",), 0, ())
    assert (practice.hours, [each.key for each in practice.tasks]) == (40, ["sit-in"])
    assert mentoring.part("part-two") is practice
    assert mentoring.kinds == ("classic", "peer")
    assert (mentoring.lost_time_days, mentoring.inactive_days) == (30, 21)
    assert isinstance(mentoring.equity[0], EquityGoal)
    assert mentoring.equity[0].goal == 50
    assert (mentoring.concerns_name, mentoring.concerns_email) == (
        "Sam Doe", "concerns@example.org",
    )  # fmt: skip


def test_programs_belong_in_their_own_file() -> None:
    reading = read_text({**files(), "more.yaml": PROGRAMS.encode()})
    assert "`programs:` belongs only in programs.yaml." in reading.errors[0].message
    assert "rename the file to programs.yaml" in reading.errors[0].suggestion


@pytest.mark.parametrize(
    "line",
    [
        "program: leadership", "program: buddies", "mentoring: pairs/theory",
        "mentoring: old-pairs/part-two",
    ],
)  # fmt: skip
def test_a_requirement_can_name_what_exists_also_by_a_former_key(line: str) -> None:
    assert requiring(line).problems == ()


@pytest.mark.parametrize(
    ("line", "message", "meant"),
    [
        ("program: leadreship", "There is no program `leadreship`.", "leadership"),
        ("mentoring: pairs/teory", "There is no mentoring part `pairs/teory`.", "pairs/theory"),
    ],
)
def test_a_requirement_must_name_what_exists(line: str, message: str, meant: str) -> None:
    problem = only(requiring(line))
    assert message in problem.message
    assert meant in problem.suggestion


def test_without_the_file_any_program_can_be_required() -> None:
    first = changed(FIRST, REQUIREMENT, f"  - program: anything\n{REQUIREMENT}")
    assert read_text(files(first=first)).problems == ()


def test_a_renamed_program_needs_previously() -> None:
    former = {**files(), "sessions.yaml": TOPICS.encode(), "programs.yaml": PROGRAMS.encode()}
    text = changed(PROGRAMS, "program: leadership", "program: leaders")
    text = changed(text, "part: theory", "part: lessons")
    now = {**former, "programs.yaml": text.encode()}
    suggestions = [each.suggestion for each in read_text(now, former=former).problems]
    assert any("previously: leadership" in each for each in suggestions)
    assert any("previously: theory" in each for each in suggestions)
    assert len(suggestions) == 2


def test_a_requirement_is_called_like_its_program() -> None:
    path = curriculum_of(requiring("mentoring: pairs/practice"))
    names = names_of(path, "en", {})
    words = str(path.milestones[0].requirements[-1].words(names))
    assert words == "Complete the mentoring part “Mentoring: Practice”"
    assert names.credits["program:leadership"] == "Leadership"
    assert names.credits["mentoring:buddies/part-two"] == "Mentoring: Practice"


def test_editors_complete_programs_and_parts() -> None:
    names = referenced_names({**files(), "programs.yaml": PROGRAMS.encode()})
    assert names["program"] == ("leadership", "pairs")
    assert names["mentoring"] == ("pairs/theory", "pairs/practice")
    only_one = referenced_names({**files(), "programs.yaml": f"programs:\n{MENTORING}".encode()})
    assert only_one["program"] == ("pairs",)


@pytest.mark.parametrize("required", ["mentoring: pairs/practice", "mentoring: buddies/part-two"])
@pytest.mark.parametrize("key", ["pairs/practice", "buddies/practice", "pairs/part-two"])
def test_a_credit_counts_under_any_key_of_its_part(required: str, key: str) -> None:
    path = curriculum_of(requiring(required))
    requirement = path.milestones[0].requirements[-1]
    day = date(2027, 3, 31)
    for each, is_met in ((key, True), ("pairs/theory", False)):
        facts = replace(
            NO_FACTS, credits=frozenset({CreditFact("mentoring", each, day)}), today=day
        )
        assert requirement.is_met(apply_renames(path)(facts)) is is_met


def test_every_key_is_documented_with_whether_it_is_required() -> None:
    section = PAGE.read_text("utf-8").partition("\n## Programs\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `([a-z-]+)` \| (required|) ?\|", section, re.MULTILINE)
    keys = [each for record in PROGRAM_RECORDS for each in record.keys]
    assert rows == [(each.name, "required" if each.required else "") for each in keys]


def test_the_documented_example_is_valid() -> None:
    section = PAGE.read_text("utf-8").partition("\n## Programs\n")[2]
    text = section.partition("```yaml\n")[2].partition("```")[0]
    text = changed(text, "intermediate-steward", "first-step")
    reading = read_programs(text)
    assert [each for each in reading.problems if "example" not in each.message] == []
    assert reading.curriculum


def test_editors_are_told_the_keys() -> None:
    schema = json_schema()
    data = yaml.load(PROGRAMS, yaml.BaseLoader)
    assert list(Draft202012Validator(schema).iter_errors(data)) == []
    del data["programs"][0]["rounds"]
    assert list(Draft202012Validator(schema).iter_errors(data))
