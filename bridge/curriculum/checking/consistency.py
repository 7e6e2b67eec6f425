"""What no single file shows: keys used twice, references to nothing, files left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bridge.curriculum.problems import Position, Report, did_you_mean
from bridge.curriculum.reading.parsed_curriculum import (
    ACTIVITY_KINDS,
    ParsedCurriculum,
    activities,
    inner,
    key_of,
    requirements,
    sections,
)
from bridge.curriculum.reading.parsed_record import ParsedRecord
from bridge.curriculum.reading.yaml_nodes import Scalar
from bridge.messages import Message

NAMES = {"page": Message("page"), "link": Message("link"), "quiz": Message("quiz")}


def check_consistency(outline: ParsedCurriculum, report: Report) -> None:
    """Reports everything that is wrong between the records of a curriculum."""
    _check_milestone_list(outline, report)
    for kind, things in _things(outline):
        _check_keys(kind, list(things), report)
    for milestone in outline.milestones:
        _check_entry(milestone, outline, report)
        _check_requirements(milestone, outline, report)


def _things(outline: ParsedCurriculum) -> Iterator[tuple[Message, Iterable[ParsedRecord]]]:
    """Everything that has a key, in the groups inside which a key is used once."""
    milestones = outline.milestones
    yield Message("milestone"), milestones
    yield Message("section"), (s for milestone in milestones for s in sections(milestone))
    yield Message("activity"), (a for milestone in milestones for a in activities(milestone))
    for milestone in milestones:
        for activity in activities(milestone):
            yield Message("question"), activity.records("questions")


def _check_keys(kind: Message, things: list[ParsedRecord], report: Report) -> None:
    first: dict[str, Position] = {}
    for thing in things:
        key, mark = key_of(thing), thing.mark_of(thing.record.keys[0].name)
        if key in first:
            report.error(
                mark,
                Message(
                    "The %(kind)s key `%(key)s` is used twice; the first is in %(place)s.",
                    kind=kind,
                    key=key,
                    place=_place(first[key]),
                ),
                Message("give one of them another key"),
            )
        elif key:
            first[key] = mark
    _check_former_keys(kind, things, first, report)


def _check_former_keys(
    kind: Message, things: list[ParsedRecord], keys: dict[str, Position], report: Report
) -> None:
    former: dict[str, Position] = {}
    for thing in things:
        old = thing.word("previously")
        if not old:
            continue
        mark = thing.mark_of("previously")
        taken = keys.get(old) or former.get(old)
        if taken:
            report.error(
                mark,
                Message(
                    "`previously: %(key)s` names the key of another %(kind)s, in %(place)s.",
                    kind=kind,
                    key=old,
                    place=_place(taken),
                ),
                Message("write the key this one had before it was renamed, or leave it out"),
            )
        former[old] = mark


def _place(mark: Position) -> str:
    return f"{mark.file}:{mark.line}"


def _check_milestone_list(outline: ParsedCurriculum, report: Report) -> None:
    listed: dict[str, Scalar] = {}
    files = {m.word("milestone"): m for m in outline.milestones if m.word("milestone")}
    for word in outline.curriculum.words("milestones"):
        key = word.text.strip()
        if key in listed:
            twice = Message("The milestone `%(key)s` is listed twice.", key=key)
            report.error(word.mark, twice, Message("delete one"))
        elif key not in files and outline.complete:
            report.error(
                word.mark,
                Message("No file begins with `milestone: %(key)s`.", key=key),
                did_you_mean(key, files) or Message("write the file %(key)s.yaml", key=key),
            )
        listed[key] = word
    if not outline.curriculum.has("milestones"):
        return
    for key, milestone in files.items():
        if key not in listed:
            report.error(
                milestone.mark_of("milestone"),
                Message(
                    "The milestone `%(key)s` is not listed under `milestones:` in curriculum.yaml.",
                    key=key,
                ),
                did_you_mean(key, listed) or Message("add it there, in its place in the order"),
            )


def _check_entry(milestone: ParsedRecord, outline: ParsedCurriculum, report: Report) -> None:
    entry = milestone.record_of("entry")
    seen: set[str] = set()
    for word in entry.words("after") if entry else ():
        key = word.text.strip()
        if key in seen:
            twice = Message("`%(key)s` is named twice.", key=key)
            report.error(word.mark, twice, Message("delete one"))
        elif outline.complete and outline.milestone(key) is None:
            known = [m.word("milestone") for m in outline.milestones]
            wrong = Message("There is no milestone `%(key)s`.", key=key)
            report.error(word.mark, wrong, did_you_mean(key, known))
        seen.add(key)


def _check_requirements(milestone: ParsedRecord, outline: ParsedCurriculum, report: Report) -> None:
    top = milestone.records("requirements")
    for group in (top, *(inner(one) for one in requirements(top))):
        _check_twice(group, report)
    for one in requirements(top):
        for kind in ACTIVITY_KINDS:
            if one.has(kind):
                _check_activity(one, kind, outline, report)
        if one.has("at-least"):
            _check_count(one, report)


def _check_twice(group: tuple[ParsedRecord, ...], report: Report) -> None:
    seen: set[tuple[str, str]] = set()
    for one in group:
        name = one.record.keys[0].name
        this = (name, one.word(name))
        if this in seen and this[1] and not inner(one):
            twice = Message("`%(kind)s: %(key)s` is required twice.", kind=name, key=this[1])
            report.error(one.mark, twice, Message("delete one"))
        seen.add(this)


def _check_activity(
    one: ParsedRecord, kind: str, outline: ParsedCurriculum, report: Report
) -> None:
    key, mark = one.word(kind), one.mark_of(kind)
    found = outline.activity(key)
    if found is None:
        known = [
            key_of(activity)
            for milestone in outline.milestones
            for activity in activities(milestone)
            if activity.record.name == kind
        ]
        if outline.complete:
            missing = Message("There is no %(kind)s `%(key)s`.", kind=NAMES[kind], key=key)
            report.error(mark, missing, did_you_mean(key, known))
    elif found[0].record.name != kind:
        real = found[0].record.name
        other = Message(
            "`%(key)s` is not a %(kind)s but a %(real)s.",
            key=key, kind=NAMES[kind], real=NAMES[real],
        )  # fmt: skip
        report.error(mark, other, Message("write `%(better)s`", better=f"{real}: {key}"))


def _check_count(one: ParsedRecord, report: Report) -> None:
    count, among = int(one.word("at-least") or "0"), len(one.records("of"))
    if count > among > 0:
        report.error(
            one.mark_of("at-least"),
            Message("At least %(count)s of %(among)s cannot be met.", count=count, among=among),
            Message("write %(among)s or less, or add requirements under `of:`", among=among),
        )
