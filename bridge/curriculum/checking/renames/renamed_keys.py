"""Find keys that were probably renamed without `previously:`, which would lose their results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bridge.curriculum.checking.renames.exchanged_keys import check_exchanged_keys
from bridge.curriculum.checking.renames.likenesses import is_similar, likenesses
from bridge.curriculum.checking.renames.renamed_requirements import check_renamed_requirements
from bridge.curriculum.parsed_curriculum import (
    ParsedCurriculum,
    activities,
    forms_of,
    key_of,
    sections,
)
from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.problems import Report
from bridge.messages import Message

Group = tuple[str, ...]
"""What shares its keys: a kind, and for parts the key of what they belong to."""
Records = tuple[ParsedRecord, ...]


def check_renames(former: ParsedCurriculum, parsed: ParsedCurriculum, report: Report) -> None:
    """Warn about each new key whose record is like one whose key is gone, and about exchanged keys.

    `former`: the curriculum before the changes.
    """
    _check_curriculum(former.curriculum, parsed.curriculum, report)
    check_renamed_requirements(former, parsed, report)
    before, now = dict(_groups(former)), dict(_groups(parsed))
    for group, records in now.items():
        _check_group(before.get(group, ()), records, report)


def _check_curriculum(before: ParsedRecord, now: ParsedRecord, report: Report) -> None:
    old, new = key_of(before), key_of(now)
    if old and new and old != new:
        report.warning(
            now.position_of("curriculum"),
            Message(
                "The curriculum's key was `%(old)s` and is now `%(new)s`: another curriculum, with "
                "new courses in Moodle. The courses, results and awards of `%(old)s` stay behind.",
                old=old, new=new,
            ),
            Message("write `%(old)s` again; to show another name, change only the title", old=old),
        )  # fmt: skip


def _check_group(before: Records, now: Records, report: Report) -> None:
    taken = check_exchanged_keys(_by_key(before), _by_key(now), report)
    gone, new = _gone(before, now, taken), _new(before, now, taken)
    old_keys = {like: key_of(record) for record in reversed(gone) for like in likenesses(record)}
    asked: set[str] = set()
    for record in new:
        found = (old_keys[like] for like in likenesses(record) if like in old_keys)
        if old := next((old for old in found if old not in asked), ""):
            _report(record, old, report)
            asked.add(old)
    if len(new) == len(gone) == 1 and not asked and _replaces(new[0], gone[0], before, now):
        _report(new[0], key_of(gone[0]), report)


def _gone(before: Records, now: Records, taken: Mapping[str, str]) -> Records:
    """The records whose key is neither used nor named in `previously`, and that no key took."""
    kept = {key_of(record) for record in now} | {*taken.values()}
    kept.update(each.text.strip() for record in now for each in record.words("previously"))
    return tuple(record for record in before if key_of(record) not in kept)


def _new(before: Records, now: Records, taken: Mapping[str, str]) -> Records:
    """The records with a new key, without those whose former key something else took."""
    known = _by_key(before)
    lost = {like for key in taken for like in likenesses(known[key])}
    unknown = (record for record in now if key_of(record) and key_of(record) not in known)
    new = (record for record in unknown if not record.words("previously"))
    return tuple(record for record in new if lost.isdisjoint(likenesses(record)))


def _by_key(records: Records) -> dict[str, ParsedRecord]:
    return {key_of(record): record for record in records if key_of(record)}


def _replaces(new: ParsedRecord, old: ParsedRecord, before: Records, now: Records) -> bool:
    """Whether the one new record is where the one that is gone was, or its texts are similar."""
    if len(before) == len(now) and before.index(old) == now.index(new):
        return new.schema.keys[0].name != "question" or is_similar(new, old)
    return is_similar(new, old)


def _report(record: ParsedRecord, old: str, report: Report) -> None:
    report.warning(
        record.position_of(record.schema.keys[0].name),
        Message(
            "The key `%(new)s` is new, and `%(old)s` is gone. Did you rename it?",
            new=key_of(record), old=old,
        ),
        Message(
            "if so, add the line `previously: %(old)s`, so that members keep their results",
            old=old,
        ),
    )  # fmt: skip


def _groups(parsed: ParsedCurriculum) -> Iterator[tuple[Group, Records]]:
    """All records that have a key and can have `previously`, in groups with different keys.

    A part of a renamed owner is compared with those that the owner had under its former key.
    """
    milestones = parsed.milestones
    yield ("milestone",), milestones
    yield ("section",), tuple(each for milestone in milestones for each in sections(milestone))
    every = tuple(each for milestone in milestones for each in activities(milestone))
    for kind in ("page", "link", "quiz"):
        yield (kind,), tuple(each for each in every if each.has(kind))
    yield ("form",), parsed.forms
    yield ("topic",), parsed.topics or ()
    for owner in (*every, *parsed.forms, *(parsed.topics or ())):
        for part in ("questions", "fields", "parts"):
            if owner.has(part):
                name = owner.former_keys[0] or key_of(owner)
                yield (part, name), owner.records(part)
    yield from _groups_of_programs(parsed.programs or ())


def _groups_of_programs(programs: Records) -> Iterator[tuple[Group, Records]]:
    yield ("program",), programs
    for program in programs:
        name = program.former_keys[0] or key_of(program)
        yield ("part", "program", name), program.records("parts")
        for form in forms_of(program):
            yield ("field", form.schema.name, name), form.records("fields")
        for part in program.records("parts"):
            yield ("task", name, part.former_keys[0] or key_of(part)), part.records("tasks")
