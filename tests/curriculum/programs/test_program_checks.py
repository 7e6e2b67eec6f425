"""Mistakes in programs.yaml are reported where they are, with what to do."""

from __future__ import annotations

import pytest

from tests.curriculum.programs.sample_programs import PROGRAMS, TOPICS, read_programs
from tests.curriculum.sample_files import changed

CAPACITY = "        - {field: capacity, type: number, label: How many, required: yes, min: 1}\n"
CONCERNS = "    concerns: {name: Sam Doe, email: concerns@example.org}\n"
MENTOR_FIELD = "type: choices\n          label: What can you teach?"
MENTOR_TOPICS = "field: topics\n          type: choices\n          label: What can you teach?"


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "message", "advice"),
    [
        ("program: pairs", "program: leadership", "The program key `leadership` is used twice",
         "different key"),
        ("[buddies, old-pairs]", "leadership", "is the key of another program", ""),
        ("criterion: commitment, title", "criterion: commitment, titel", "Unknown key `titel`",
         "title"),
        ("milestone: first-step", "milestone: frist-step", "There is no milestone `frist-step`",
         "first-step"),
        ("closes: 2027-02-10 17:00", "closes: 2027-01-02 17:00",
         "`closes` (2027-01-02 17:00) is before `opens` (2027-01-10).", "follow each other"),
        ("starts: 2027-03-01\n", "starts: 2027-02-01\n", "`starts` (2027-02-01) is before", ""),
        ("ends: 2027-08-31\n", "ends: 2027-02-28\n", "`ends` (2027-02-28) is before `starts`", ""),
        ("2027-02-10 17:00", "2027-02-10 5 pm", "is not a time such as", "2027-02-10 17:00"),
        ("2027-02-10 17:00", "2027-02-10T17h00", "is not a time such as", "2027-02-10 17:00"),
        ("2027-02-10 17:00", "2027-02-10 25:00", "there is no time `25:00`", "hour"),
        ("2027-02-10 17:00", "2027-02-30 17:00", "there is no date `2027-02-30`", ""),
        ("America/Toronto", "America/Tornto", "is not a time zone such as", "America/Toronto"),
        ("America/Toronto", "Vancouver", "is not a time zone such as", "America/Vancouver"),
        ("America/Toronto", "Pacific Time", "is not a time zone such as", "America/Los_Angeles"),
        ("reviewers: committee", "reviewers: comittee", "is not one of", "committee"),
        ("seats: 20", "seats: 0", "is not between 1 and 10,000", ""),
        ("[classic, peer]", "[peer, peer]", "`peer` is listed twice", "delete one"),
        ("goal: 50", "goal: 101", "is not between 1 and 100", ""),
        ("concerns@example.org", "concerns.example.org", "is not an email address", "one address"),
        ("concerns@example.org", "mailto:x@example.org", "is not an email address",
         "x@example.org"),
        (CONCERNS, "", "`concerns` is missing in this mentoring program", "outside the committee"),
        ("    kind: mentoring\n", "", "`mentee-form` is only for mentoring", "kind: mentoring"),
        ("[hearings]", "[hearngs]", "There is no session `hearngs`", "hearings"),
        ("[hearings]", "[hearing]", "There is no session `hearing`", "write `hearings`"),
        ("[hearings]", "[open-evening]", "Nobody can complete `open-evening`", "earn a credit"),
        ("[hearings]", "[hearings, hearings]", "`hearings` is listed twice", "delete one"),
        ("        sessions: [hearings]\n", "", "there is nothing to do", "add `sessions`"),
        (", title: Sit in on a meeting", "", "`title` is missing in this task", "What to do"),
        ("part: practice", "part: theory", "The part key `theory` is used twice", ""),
        (CAPACITY, "", "doesn't ask how many mentees", "add a field `capacity`"),
        ("capacity, type: number", "capacity, type: short-text", "`capacity` must be a number", ""),
        ("How many, required: yes, min", "How many, min", "must fill in `capacity`",
         "required: yes"),
        (", min: 1}", "}", "`capacity` must be at least 1", "min: 1"),
        (", min: 1}", ", min: 0.5}", "`capacity` must be at least 1", "min: 1"),
        ("choice: speaking, label: Speaking}\n            - {choice: grievances",
         "choice: speaking, label: Speaking}\n            - {choice: greivances",
         "no choice `greivances` for `topics`",
         "grievances"),
        (MENTOR_FIELD, MENTOR_FIELD.replace("choices", "choice", 1).replace(
            "What", "Which"), "", ""),
        ("words: 300", "wrods: 300", "Unknown key `wrods`", "words"),
    ],
)  # fmt: skip
def test_mistakes_are_reported_with_their_place(
    old: str, new: str, message: str, advice: str
) -> None:
    text = changed(PROGRAMS, old, new)
    reading = read_programs(text)
    if not message:
        assert reading.problems == ()
        return
    found = [each for each in reading.errors if message in each.message]
    assert found, reading.problems
    assert all(each.file == "programs.yaml" for each in reading.errors)
    assert advice in found[0].suggestion
    assert found[0].line > 1


def test_the_line_is_that_of_the_mistake() -> None:
    text = changed(PROGRAMS, "ends: 2027-08-31\n", "ends: 2027-02-28\n")
    (problem,) = read_programs(text).errors
    assert problem.line == line_of(text, "ends: 2027-02-28")


def test_a_mentoring_program_has_two_forms() -> None:
    reading = read_programs(changed(PROGRAMS, "mentor-form:", "form:"))
    messages = [each.message for each in reading.errors]
    assert any("`mentor-form` is missing" in each for each in messages)
    assert "A mentoring program has two forms." in messages


def test_a_program_needs_a_form() -> None:
    text = PROGRAMS[: PROGRAMS.index("    form:\n")] + PROGRAMS[PROGRAMS.index("    criteria:") :]
    (problem,) = read_programs(text).errors
    assert problem.message == "`form` is missing in this program."
    assert "fields" in problem.suggestion


def test_pairs_are_matched_by_choices() -> None:
    text = PROGRAMS.replace(MENTOR_TOPICS, "field: times\n          type: yes-no\n"
                            "          label: What can you teach?")  # fmt: skip
    messages = [each.message for each in read_programs(text).problems]
    assert any("the field `times`, so it needs choices" in each for each in messages)
    text = changed(PROGRAMS, MENTOR_TOPICS, MENTOR_TOPICS.replace("topics", "other"))
    reading = read_programs(text)
    assert reading.curriculum
    (warning,) = reading.problems
    assert "Only one of the two forms has the field `topics`" in warning.message


def test_a_session_needs_sessions_yaml() -> None:
    (problem,) = read_programs(topics=None).errors
    assert problem.message == "There is no session `hearings`."
    assert "sessions.yaml" in problem.suggestion


def test_a_round_may_close_on_the_day_it_opens() -> None:
    text = changed(PROGRAMS, "opens: 2027-01-10\n        closes: 2027-02-10 17:00",
                   "opens: 2027-02-10\n        closes: 2027-02-10")  # fmt: skip
    assert read_programs(text, TOPICS).problems == ()
