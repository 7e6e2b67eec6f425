"""Build programs, with their forms, rounds and mentoring."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import cast

from bridge.curriculum.building.audience import audience_of
from bridge.curriculum.forms.form import Form
from bridge.curriculum.forms.register import build_fields
from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.programs import (
    DEFAULT_INACTIVE_DAYS,
    Criterion,
    EquityGoal,
    Mentoring,
    MentoringPart,
    PairKind,
    Program,
    Reviewers,
    Round,
    Side,
    Task,
)

FORM_KEYS: Mapping[str, Side] = {
    "form": "applicant",
    "mentee-form": "mentee",
    "mentor-form": "mentor",
}
"""The keys of the forms in YAML."""
END_OF_DAY = "23:59"


def program_of(record: ParsedRecord) -> Program:
    """Build a program from a record without errors."""
    previously, earlier = record.former_keys
    return Program(
        key=record.word("program"),
        title=record.text("title"),
        forms=tuple(
            (side, _form(form, side, record))
            for name, side in FORM_KEYS.items()
            if (form := record.record_of(name))
        ),
        rounds=tuple(_round(each) for each in record.records("rounds")),
        description=record.text("description"),
        audience=audience_of(record),
        eligible=audience_of(record, "eligible"),
        criteria=tuple(_criterion(each) for each in record.records("criteria")),
        reviewers=cast(tuple[Reviewers, ...], _options(record, "reviewers")) or ("reviewers",),
        mentoring=_mentoring(record) if record.option("kind") == "mentoring" else None,
        previously=previously,
        earlier=earlier,
    )


def _form(record: ParsedRecord, side: Side, program: ParsedRecord) -> Form:
    previously, _ = program.former_keys
    return Form(
        key=f"{program.word('program')}/{side}",
        title=program.text("title"),
        fields=build_fields(record.records("fields")),
        introduction=record.text("introduction"),
        audience=audience_of(program),
        previously=f"{previously}/{side}" if previously else "",
        readers="reviewers",
    )


def _criterion(record: ParsedRecord) -> Criterion:
    points = int(record.word("points"))
    return Criterion(record.word("criterion"), record.text("title"), points, record.text("help"))


def _round(record: ParsedRecord) -> Round:
    closing_day, _, clock = record.word("closes").partition(" ")
    return Round(
        key=record.word("round"),
        opens=date.fromisoformat(record.word("opens")),
        closes=datetime.fromisoformat(f"{closing_day} {clock or END_OF_DAY}"),
        starts=date.fromisoformat(record.word("starts")),
        ends=date.fromisoformat(record.word("ends")),
        zone=record.word("timezone"),
        seats=int(record.word("seats")) if record.has("seats") else None,
    )


def _mentoring(record: ParsedRecord) -> Mentoring:
    lost_time, concerns = record.record_of("lost-time"), record.record_of("concerns")
    return Mentoring(
        parts=tuple(_part(each) for each in record.records("parts")),
        kinds=cast(tuple[PairKind, ...], _options(record, "kinds")) or ("classic",),
        lost_time_days=int(lost_time.word("days")) if lost_time else 0,
        equity=tuple(
            EquityGoal(each.word("group"), each.text("title"), int(each.word("goal")))
            for each in record.records("equity")
        ),
        concerns_name=concerns.word("name") if concerns else "",
        concerns_email=concerns.word("email") if concerns else "",
        inactive_days=int(record.word("inactive-days", str(DEFAULT_INACTIVE_DAYS))),
    )


def _part(record: ParsedRecord) -> MentoringPart:
    previously, earlier = record.former_keys
    return MentoringPart(
        key=record.word("part"),
        title=record.text("title"),
        sessions=tuple(each.text.strip() for each in record.words("sessions")),
        hours=int(record.word("hours", "0")),
        tasks=tuple(
            Task(each.word("task"), each.text("title"), *each.former_keys)
            for each in record.records("tasks")
        ),
        previously=previously,
        earlier=earlier,
    )


def _options(record: ParsedRecord, key: str) -> tuple[str, ...]:
    return tuple(each.text.strip().lower() for each in record.words(key))
