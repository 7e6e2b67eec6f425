"""Check keys and references across files: duplicates, missing items, unlisted files."""

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

KIND_LABELS = {"page": Message("page"), "link": Message("link"), "quiz": Message("quiz")}


def check_consistency(parsed: ParsedCurriculum, report: Report) -> None:
    """Report duplicate keys and invalid references between the records of a curriculum."""
    _check_milestone_list(parsed, report)
    for kind, records in _records_with_keys(parsed):
        _check_keys(kind, list(records), report)
    for milestone in parsed.milestones:
        _check_entry(milestone, parsed, report)
        _check_requirements(milestone, parsed, report)


def _records_with_keys(
    parsed: ParsedCurriculum,
) -> Iterator[tuple[Message, Iterable[ParsedRecord]]]:
    """All records that have a key, in groups within which keys must be unique."""
    milestones = parsed.milestones
    yield Message("milestone"), milestones
    yield Message("section"), (s for milestone in milestones for s in sections(milestone))
    yield Message("activity"), (a for milestone in milestones for a in activities(milestone))
    for milestone in milestones:
        for activity in activities(milestone):
            yield Message("question"), activity.records("questions")


def _check_keys(kind: Message, records: list[ParsedRecord], report: Report) -> None:
    first: dict[str, Position] = {}
    for record in records:
        key, position = key_of(record), record.position_of(record.schema.keys[0].name)
        if key in first:
            report.error(
                position,
                Message(
                    "The %(kind)s key `%(key)s` is used twice; the first is in %(place)s.",
                    kind=kind,
                    key=key,
                    place=_location(first[key]),
                ),
                Message("give one of them a different key"),
            )
        elif key:
            first[key] = position
    _check_former_keys(kind, records, first, report)


def _check_former_keys(
    kind: Message, records: list[ParsedRecord], keys: dict[str, Position], report: Report
) -> None:
    former: dict[str, Position] = {}
    for record in records:
        old = record.word("previously")
        if not old:
            continue
        position = record.position_of("previously")
        taken = keys.get(old) or former.get(old)
        if taken:
            report.error(
                position,
                Message(
                    "`previously: %(key)s` is the key of another %(kind)s, in %(place)s.",
                    kind=kind,
                    key=old,
                    place=_location(taken),
                ),
                Message("write the key this one had before you renamed it, or remove the line"),
            )
        former[old] = position


def _location(position: Position) -> str:
    return f"{position.file}:{position.line}"


def _check_milestone_list(parsed: ParsedCurriculum, report: Report) -> None:
    listed: dict[str, Scalar] = {}
    files = {m.word("milestone"): m for m in parsed.milestones if m.word("milestone")}
    for word in parsed.curriculum.words("milestones"):
        key = word.text.strip()
        if key in listed:
            twice = Message("The milestone `%(key)s` is listed twice.", key=key)
            report.error(word.position, twice, Message("delete one"))
        elif key not in files and parsed.complete:
            report.error(
                word.position,
                Message("No file begins with `milestone: %(key)s`.", key=key),
                did_you_mean(key, files) or Message("create the file %(key)s.yaml", key=key),
            )
        listed[key] = word
    if not parsed.curriculum.has("milestones"):
        return
    for key, milestone in files.items():
        if key not in listed:
            report.error(
                milestone.position_of("milestone"),
                Message(
                    "The milestone `%(key)s` is not listed under `milestones:` in curriculum.yaml.",
                    key=key,
                ),
                did_you_mean(key, listed) or Message("add it to that list, in the right place"),
            )


def _check_entry(milestone: ParsedRecord, parsed: ParsedCurriculum, report: Report) -> None:
    entry = milestone.record_of("entry")
    seen: set[str] = set()
    for word in entry.words("after") if entry else ():
        key = word.text.strip()
        if key in seen:
            twice = Message("`%(key)s` is listed twice.", key=key)
            report.error(word.position, twice, Message("delete one"))
        elif parsed.complete and parsed.milestone(key) is None:
            known = [m.word("milestone") for m in parsed.milestones]
            wrong = Message("There is no milestone `%(key)s`.", key=key)
            report.error(word.position, wrong, did_you_mean(key, known))
        seen.add(key)


def _check_requirements(milestone: ParsedRecord, parsed: ParsedCurriculum, report: Report) -> None:
    top = milestone.records("requirements")
    for group in (top, *(inner(one) for one in requirements(top))):
        _check_duplicates(group, report)
    for one in requirements(top):
        for kind in ACTIVITY_KINDS:
            if one.has(kind):
                _check_activity(one, kind, parsed, report)
        if one.has("at-least"):
            _check_count(one, report)


def _check_duplicates(group: tuple[ParsedRecord, ...], report: Report) -> None:
    seen: set[tuple[str, str]] = set()
    for one in group:
        name = one.schema.keys[0].name
        requirement = (name, one.word(name))
        if requirement in seen and requirement[1] and not inner(one):
            twice = Message("`%(kind)s: %(key)s` is required twice.", kind=name, key=requirement[1])
            report.error(one.position, twice, Message("delete one"))
        seen.add(requirement)


def _check_activity(one: ParsedRecord, kind: str, parsed: ParsedCurriculum, report: Report) -> None:
    key, position = one.word(kind), one.position_of(kind)
    found = parsed.activity(key)
    if found is None:
        known = [
            key_of(activity)
            for milestone in parsed.milestones
            for activity in activities(milestone)
            if activity.schema.name == kind
        ]
        if parsed.complete:
            missing = Message("There is no %(kind)s `%(key)s`.", kind=KIND_LABELS[kind], key=key)
            report.error(position, missing, did_you_mean(key, known))
    elif found[0].schema.name != kind:
        real = found[0].schema.name
        other = Message(
            "`%(key)s` is a %(real)s, not a %(kind)s.",
            key=key, kind=KIND_LABELS[kind], real=KIND_LABELS[real],
        )  # fmt: skip
        report.error(position, other, Message("write `%(better)s`", better=f"{real}: {key}"))


def _check_count(one: ParsedRecord, report: Report) -> None:
    count, among = int(one.word("at-least") or "0"), len(one.records("of"))
    if count > among > 0:
        report.error(
            one.position_of("at-least"),
            Message(
                "`at-least: %(count)s` cannot be met: there are only %(among)s "
                "requirements under `of:`.",
                count=count,
                among=among,
            ),
            Message("write %(among)s or fewer, or add requirements under `of:`", among=among),
        )
