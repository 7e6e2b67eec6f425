"""Check that members can apply to programs and complete them."""

from __future__ import annotations

from itertools import pairwise

from bridge.curriculum.checking.mentoring_forms import check_mentoring_forms
from bridge.curriculum.parsed_curriculum import ParsedCurriculum, key_of, keys_of
from bridge.curriculum.parsed_record import ParsedRecord, Scalar
from bridge.curriculum.problems import Position, Report
from bridge.messages import Message

_NEEDED = (
    ("mentee-form", Message("add the form of mentees, with its `fields:`")),
    ("mentor-form", Message("add the form of mentors, with its `fields:`")),
    ("parts", Message("add at least one part with `sessions`, `hours` or `tasks`")),
    ("concerns", Message("add the `name` and `email` of a person outside the committee")),
)  # fmt: skip
_ONLY_MENTORING = (
    "mentee-form", "mentor-form", "parts", "kinds", "lost-time", "equity", "concerns",
    "inactive-days",
)  # fmt: skip
_DAYS = ("opens", "closes", "starts", "ends")


def check_programs(parsed: ParsedCurriculum, report: Report) -> None:
    """Report missing forms, rounds in a wrong order, and parts that nobody can complete."""
    for program in parsed.programs or ():
        _check_kind(program, report)
        for each in program.records("rounds"):
            _check_round(each, report)
        for name in ("reviewers", "kinds"):
            _check_twice(program.words(name), report)
        for part in program.records("parts"):
            _check_part(part, parsed, report)


def _check_kind(program: ParsedRecord, report: Report) -> None:
    if program.option("kind") == "mentoring":
        _check_mentoring(program, report)
        return
    if not program.has("form") and not any(program.has(name) for name in _ONLY_MENTORING):
        missing = Message("`form` is missing in this program.")
        report.error(program.position, missing, Message("add the form, with its `fields:`"))
    for name in _ONLY_MENTORING:
        if program.has(name):
            wrong = Message("`%(name)s` is only for mentoring.", name=name)
            advice = Message("add `kind: mentoring` to the program, or delete these lines")
            report.error(_place(program, name), wrong, advice)
            return


def _check_mentoring(program: ParsedRecord, report: Report) -> None:
    for name, advice in _NEEDED:
        if not program.has(name):
            missing = Message("`%(name)s` is missing in this mentoring program.", name=name)
            report.error(program.position, missing, advice)
    if program.has("form"):
        wrong = Message("A mentoring program has two forms.")
        advice = Message("write `mentee-form` and `mentor-form` instead")
        report.error(program.position_of("form"), wrong, advice)
    check_mentoring_forms(program, report)


def _place(record: ParsedRecord, name: str) -> Position:
    """Where the value of a key begins, also of a list."""
    items = record.values.get(name)
    first = items[0] if isinstance(items, tuple) and items else None
    if first is None or isinstance(first, tuple):
        return record.position_of(name)
    return first.position


def _check_round(record: ParsedRecord, report: Report) -> None:
    """The days must follow each other."""
    given = [name for name in _DAYS if record.word(name)]
    for one, other in pairwise(given):
        first, second = record.word(one), record.word(other)
        if second.partition(" ")[0] < first.partition(" ")[0]:
            wrong = Message(
                "`%(other)s` (%(second)s) is before `%(one)s` (%(first)s).",
                one=one, first=first, other=other, second=second,
            )  # fmt: skip
            advice = Message(
                "correct one of them: opens, closes, starts and ends follow each other"
            )
            report.error(record.position_of(other), wrong, advice)


def _check_twice(words: tuple[Scalar, ...], report: Report) -> None:
    seen: set[str] = set()
    for word in words:
        text = word.text.strip()
        if text.lower() in seen:
            twice = Message("`%(key)s` is listed twice.", key=text)
            report.error(word.position, twice, Message("delete one"))
        seen.add(text.lower())


def _check_part(part: ParsedRecord, parsed: ParsedCurriculum, report: Report) -> None:
    if not any(part.has(name) for name in ("sessions", "hours", "tasks")):
        empty = Message("In this part, there is nothing to do.")
        report.error(part.position, empty, Message("add `sessions`, `hours` or `tasks`"))
    _check_twice(part.words("sessions"), report)
    beside = {word.text.strip() for word in part.words("sessions")}
    for word in part.words("sessions"):
        _check_session(word, beside, parsed, report)


def _check_session(
    word: Scalar, beside: set[str], parsed: ParsedCurriculum, report: Report
) -> None:
    key, topics = word.text.strip(), parsed.topics or ()
    topic = next((each for each in topics if key_of(each) == key), None)
    if topic is None:
        missing = Message("There is no session `%(key)s`.", key=key)
        known = sorted({key_of(each) for each in topics} - beside)
        if not topics:
            advice = Message("describe it in sessions.yaml, or delete it here")
        else:
            renamed = next((key_of(each) for each in topics if key in keys_of(each)), "")
            advice = report.suggest(word.position, key, known, renamed)
        report.error(word.position, missing, advice)
    elif topic.option("credit") == "none":
        wrong = Message("Nobody can complete `%(key)s`: it has `credit: none`.", key=key)
        advice = Message("delete it here, or let it earn a credit in sessions.yaml")
        report.error(word.position, wrong, advice)
