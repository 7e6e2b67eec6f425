"""Check that the two forms of a mentoring program can be matched."""

from __future__ import annotations

from decimal import Decimal

from bridge.curriculum.parsed_curriculum import key_of
from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.problems import Report
from bridge.messages import Message

MATCHED = ("topics", "languages", "times", "format")
"""The keys of the fields that pairs are matched by."""
CAPACITY = "capacity"
"""The key of the field in which mentors say how many mentees they can take."""
_SIDES = ("mentee-form", "mentor-form")
_CHOICE_TYPES = ("choice", "choices")


def check_mentoring_forms(program: ParsedRecord, report: Report) -> None:
    """Report fields that can't be compared, and a mentor form that doesn't ask for the capacity."""
    forms = [form for name in _SIDES if (form := program.record_of(name))]
    fields = [{key_of(each): each for each in form.records("fields")} for form in forms]
    for found in fields:
        for key in MATCHED:
            if key in found:
                _check_type(found[key], report)
    if len(forms) == len(_SIDES):
        mentee, mentor = fields
        for key in MATCHED:
            _check_pair(mentee.get(key), mentor.get(key), report)
    mentor_form = program.record_of("mentor-form")
    if mentor_form and mentor_form.has("fields"):
        _check_capacity(mentor_form, fields[-1].get(CAPACITY), report)


def _check_type(field: ParsedRecord, report: Report) -> None:
    if field.option("type") not in _CHOICE_TYPES:
        wrong = Message(
            "Pairs are matched by the field `%(key)s`, so it needs choices.", key=key_of(field)
        )
        advice = Message("write `type: choices` or `type: choice`, or another key for the field")
        report.error(field.position_of("type"), wrong, advice)


def _check_pair(mentee: ParsedRecord | None, mentor: ParsedRecord | None, report: Report) -> None:
    if mentee and mentor:
        _check_choices(mentee, mentor, report)
        _check_choices(mentor, mentee, report)
    elif field := mentee or mentor:
        lone = Message("Only one of the two forms has the field `%(key)s`, so it isn't used for "
                       "matching.", key=key_of(field))  # fmt: skip
        report.warning(field.position_of("field"), lone, Message("add it to the other form too"))


def _check_choices(field: ParsedRecord, other: ParsedRecord, report: Report) -> None:
    keys = {key_of(each) for each in other.records("choices")}
    own = {key_of(each) for each in field.records("choices")}
    for choice in field.records("choices"):
        key = key_of(choice)
        if keys and key and key not in keys:
            position = choice.position_of("choice")
            wrong = Message(
                "The other form has no choice `%(key)s` for `%(field)s`, so it can't be matched.",
                key=key, field=key_of(field),
            )  # fmt: skip
            advice = report.suggest(position, key, sorted(keys - own))
            report.error(position, wrong, advice or Message("write the same choices in both forms"))


def _check_capacity(form: ParsedRecord, field: ParsedRecord | None, report: Report) -> None:
    advice = Message("add a field `capacity` with `type: number`, `required: yes` and `min: 1`")
    if field is None:
        missing = Message("The mentor form doesn't ask how many mentees a mentor can take.")
        report.error(form.position, missing, advice)
    elif field.option("type") != "number":
        wrong = Message("`capacity` must be a number.")
        report.error(field.position_of("type"), wrong, Message("write `type: number`"))
    elif field.option("required") != "yes":
        wrong = Message("Mentors must fill in `capacity`.")
        report.error(field.position_of("required"), wrong, Message("write `required: yes`"))
    elif not field.has("min") or Decimal(field.word("min")) < 1:
        wrong = Message("`capacity` must be at least 1.")
        report.error(field.position_of("min"), wrong, Message("write `min: 1`"))
