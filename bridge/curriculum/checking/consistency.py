"""Check keys and references across files: duplicates, missing items, unlisted files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath

from bridge.curriculum.parsed_curriculum import (
    ParsedCurriculum,
    activities,
    forms_of,
    key_of,
    sections,
)
from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.problems import MAX_CANDIDATES, Position, Report, are_several, nearest
from bridge.curriculum.reading.scalars import slug
from bridge.curriculum.reading.yaml_nodes import Scalar
from bridge.curriculum.requirements.register import check_requirement, parts_of, with_parts_of
from bridge.curriculum.value_types import MAX_KEY_LENGTH
from bridge.messages import NOTHING, Message


def check_consistency(parsed: ParsedCurriculum, report: Report) -> None:
    """Report duplicate keys and invalid references between the records of a curriculum."""
    _check_languages(parsed, report)
    _check_milestone_list(parsed, report)
    for kind, records in _records_with_keys(parsed):
        _check_keys(kind, list(records), report)
    for milestone in parsed.milestones:
        _check_audience(milestone, parsed, report)
        _check_entry(milestone, parsed, report)
        _check_requirements(milestone, parsed, report)
    for owner in (*parsed.forms, *(parsed.topics or ())):
        _check_audience(owner, parsed, report)
    for program in parsed.programs or ():
        _check_audience(program, parsed, report)
        _check_audience(program, parsed, report, "eligible")


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
    yield Message("form"), parsed.forms
    programs = parsed.programs or ()
    for form in (*parsed.forms, *(form for each in programs for form in forms_of(each))):
        yield Message("field"), form.records("fields")
        for field in form.records("fields"):
            yield Message("choice"), field.records("choices")
    topics = parsed.topics or ()
    yield Message("session"), topics
    for topic in topics:
        yield Message("part"), topic.records("parts")
    yield Message("program"), programs
    for program in programs:
        yield Message("criterion"), program.records("criteria")
        yield Message("round"), program.records("rounds")
        yield Message("group"), program.records("equity")
        yield Message("part"), program.records("parts")
        for part in program.records("parts"):
            yield Message("task"), part.records("tasks")


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
    for word in (word for record in records for word in record.words("previously")):
        old, position = word.text.strip(), word.position
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


def _check_languages(parsed: ParsedCurriculum, report: Report) -> None:
    seen: set[str] = set()
    for word in parsed.curriculum.words("languages"):
        language = word.text.strip()
        if language in seen:
            twice = Message("The language `%(code)s` is listed twice.", code=language)
            report.error(word.position, twice, Message("delete one"))
        seen.add(language)


def _check_milestone_list(parsed: ParsedCurriculum, report: Report) -> None:
    listed: set[str] = set()
    files = {m.word("milestone"): m for m in parsed.milestones if m.word("milestone")}
    twins = _misspelt(parsed, files)
    for word in parsed.curriculum.words("milestones"):
        key = word.text.strip()
        if key in listed:
            twice = Message("The milestone `%(key)s` is listed twice.", key=key)
            report.error(word.position, twice, Message("delete one"))
        elif key not in files and parsed.complete and not _is_in_file(twins, key, files):
            near = parsed.milestone_titled(key) or twins.get(key, "")
            _report_listed(word, near, sorted(files), report)
        listed.add(key)
    if parsed.curriculum.has("milestones"):
        meant = {near: key for key, near in twins.items()}
        for key in files.keys() - listed:
            if key not in meant or _is_in_file(twins, meant[key], files):
                _report_unlisted(files[key], meant.get(key, ""), report)


def _misspelt(parsed: ParsedCurriculum, files: Iterable[str]) -> dict[str, str]:
    """A listed key without a file -> the similar key of an unlisted file."""
    unlisted = [key for key in files if key not in parsed.order]
    found: dict[str, str] = {}
    for word in parsed.curriculum.words("milestones")[:MAX_CANDIDATES]:
        key = word.text.strip()
        others = [each for each in unlisted if each not in found.values()]
        if key not in files and (near := nearest(key, others)):
            found.setdefault(key, near)
    return found


def _is_in_file(twins: Mapping[str, str], key: str, files: Mapping[str, ParsedRecord]) -> bool:
    """Whether the mistake is in the file, because the list has the name of the file."""
    near = twins.get(key)
    return bool(near) and _stem(files[str(near)]) == key


def _stem(milestone: ParsedRecord) -> str:
    return PurePath(milestone.position_of("milestone").file).stem


def _report_listed(word: Scalar, near: str, known: Sequence[str], report: Report) -> None:
    key = word.text.strip()
    missing = Message("No file begins with `milestone: %(key)s`.", key=key)
    other = next((name for name in report.unread if PurePath(name).stem == key), "")
    better = slug(PurePath(key).stem, MAX_KEY_LENGTH)
    create = Message("create the file %(key)s.yaml", key=better)
    if better != key:
        create = Message("write a key such as `%(key)s`, and create %(key)s.yaml", key=better)
    if other:
        create = Message(
            "save the text of %(name)s as plain text, in the file %(key)s.yaml", name=other, key=key
        )
    several = report.suggest(word.position, key, known) if are_several(key, known) else NOTHING
    meant = Message("did you mean `%(name)s`?", name=near) if near else create
    report.error(word.position, missing, several or meant)


def _report_unlisted(milestone: ParsedRecord, near: str, report: Report) -> None:
    position = milestone.position_of("milestone")
    unlisted = Message(
        "The milestone `%(key)s` is not listed under `milestones:` in curriculum.yaml.",
        key=milestone.word("milestone"),
    )
    add = Message("add it to that list, in the right place")
    meant = Message("did you mean `%(name)s`?", name=near) if near else add
    report.error(position, unlisted, meant)


def _check_audience(
    owner: ParsedRecord, parsed: ParsedCurriculum, report: Report, name: str = "audience"
) -> None:
    audience = owner.record_of(name)
    if audience is None:
        return
    if not any(audience.has(each) for each in audience.schema.names):
        wrong = Message("`%(name)s` has no condition.", name=name)
        report.error(audience.position, wrong, Message("write `members` if it is for everyone"))
    key = audience.word("milestone")
    if key and parsed.complete and parsed.milestone(key) is None:
        known = [m.word("milestone") for m in parsed.milestones]
        titled = parsed.milestone_titled(key)
        wrong = Message("There is no milestone `%(key)s`.", key=key)
        position = audience.position_of("milestone")
        report.error(position, wrong, report.suggest(position, key, known, titled))


def _check_entry(milestone: ParsedRecord, parsed: ParsedCurriculum, report: Report) -> None:
    entry = milestone.record_of("entry")
    seen: set[str] = set()
    listed = entry.words("after") if entry else ()
    taken = {milestone.word("milestone"), *(each.text.strip() for each in listed)}
    for word in listed:
        key = word.text.strip()
        if key in seen:
            twice = Message("`%(key)s` is listed twice.", key=key)
            report.error(word.position, twice, Message("delete one"))
        elif parsed.complete and parsed.milestone(key) is None:
            known = {m.word("milestone") for m in parsed.milestones} - taken
            wrong = Message("There is no milestone `%(key)s`.", key=key)
            titled = parsed.milestone_titled(key)
            advice = report.suggest(word.position, key, sorted(known), titled)
            report.error(word.position, wrong, advice)
        seen.add(key)


def _check_requirements(milestone: ParsedRecord, parsed: ParsedCurriculum, report: Report) -> None:
    top = milestone.records("requirements")
    for group in (top, *(parts_of(one) for one in with_parts_of(top))):
        _check_duplicates(group, report)
        keys: defaultdict[str, set[str]] = defaultdict(set)
        for one in group:
            keys[one.schema.keys[0].name].add(one.word(one.schema.keys[0].name))
        for one in group:
            check_requirement(one, keys[one.schema.keys[0].name], parsed, report)


def _check_duplicates(group: tuple[ParsedRecord, ...], report: Report) -> None:
    seen: set[tuple[str, str]] = set()
    for one in group:
        name = one.schema.keys[0].name
        requirement = (name, one.word(name))
        if requirement in seen and requirement[1] and not parts_of(one):
            twice = Message("`%(kind)s: %(key)s` is required twice.", kind=name, key=requirement[1])
            report.error(one.position, twice, Message("delete one"))
        seen.add(requirement)
