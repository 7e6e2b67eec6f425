"""Find sign-offs and credits whose key was probably renamed: records belong to the key."""

from __future__ import annotations

from collections.abc import Mapping

from bridge.curriculum.checking.renames.exchanged_keys import check_exchanged_keys
from bridge.curriculum.checking.renames.likenesses import are_similar
from bridge.curriculum.parsed_curriculum import ParsedCurriculum, key_of
from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.problems import Report
from bridge.curriculum.requirements.register import with_parts_of
from bridge.messages import Message

Required = Mapping[tuple[str, str], ParsedRecord]
"""The first requirement by kind and key."""


def check_renamed_requirements(
    former: ParsedCurriculum, parsed: ParsedCurriculum, report: Report
) -> None:
    """Warn about exchanged keys, and new ones with the title or nearly the spelling of a lost one.

    Also if it is the only new one, and in the place of the only one that is gone. `former`: the
    curriculum before the changes.
    """
    before, now = first_requirements(former), first_requirements(parsed)
    taken = {
        (kind, old)
        for kind in dict.fromkeys(kind for kind, _ in before)
        for old in check_exchanged_keys(_of(kind, before), _of(kind, now), report).values()
    }
    gone = {each: before[each] for each in before if each not in now and each not in taken}
    new = [each for each in now if each not in before]
    is_swap = (
        len(gone) == len(new) == 1 and _places(former)[next(iter(gone))] == _places(parsed)[new[0]]
    )
    for kind, key in new:
        record = now[kind, key]
        same_kind = (old for old in gone if old[0] == kind)
        like = (old for old in same_kind if is_swap or _is_like(record, gone[old]))
        if old := next(like, None):
            del gone[old]
            report.warning(
                record.position_of(kind),
                Message(
                    "The key `%(new)s` is new, and `%(old)s` is gone. Did you rename it?",
                    new=key, old=old[1],
                ),
                Message(
                    "if so, write `%(old)s` again, because what is recorded for members belongs to "
                    "the key; to show another name, change only the title",
                    old=old[1],
                ),
            )  # fmt: skip


def _of(kind: str, required: Required) -> dict[str, ParsedRecord]:
    return {key: record for (one, key), record in required.items() if one == kind}


def _places(parsed: ParsedCurriculum) -> Mapping[tuple[str, str], tuple[str, int]]:
    """Where each requirement is first: the milestone, and its place there."""
    found: dict[tuple[str, str], tuple[str, int]] = {}
    for milestone in parsed.milestones:
        for place, one in enumerate(with_parts_of(milestone.records("requirements"))):
            kind = one.schema.keys[0].name
            found.setdefault((kind, one.word(kind)), (key_of(milestone), place))
    return found


def first_requirements(parsed: ParsedCurriculum) -> Required:
    """The sign-offs and credits that people record under a key that is defined nowhere else."""
    found: dict[tuple[str, str], ParsedRecord] = {}
    for milestone in parsed.milestones:
        for one in with_parts_of(milestone.records("requirements")):
            names = [key.name for key in one.schema.keys]
            kind, key = names[0], one.word(names[0]) if "title" in names else ""
            if key and key not in parsed.credit_keys.get(kind, ()):
                found.setdefault((kind, key), one)
    return found


def _is_like(one: ParsedRecord, other: ParsedRecord) -> bool:
    kind = one.schema.keys[0].name
    title = one.text("title")
    if title and title == other.text("title"):
        return True
    return are_similar(one.word(kind), other.word(kind))
