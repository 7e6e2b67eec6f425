"""Check that what trains an expectation exists."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from bridge.curriculum.parsed_curriculum import ACTIVITY_KINDS, ParsedCurriculum, key_of
from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.problems import Report
from bridge.curriculum.requirements.activity import ActivityDone
from bridge.curriculum.requirements.credited import Credited
from bridge.curriculum.requirements.register import with_parts_of
from bridge.messages import Message


def check_training(parsed: ParsedCurriculum, report: Report) -> None:
    """Report parts under `trained-by` that don't exist, or are named twice."""
    signoffs = frozenset(_signoffs(parsed))
    for milestone in parsed.milestones:
        for expectation in milestone.records("expectations"):
            parts = expectation.records("trained-by")
            _check_twice(parts, report)
            for part in parts:
                _check_part(part, _beside(part, parts), signoffs, parsed, report)


def _check_twice(parts: tuple[ParsedRecord, ...], report: Report) -> None:
    seen: set[tuple[str, str]] = set()
    for part in parts:
        kind, key = _kind_of(part), key_of(part)
        if key and (kind, key) in seen:
            twice = Message("`%(kind)s: %(key)s` is listed twice.", kind=kind, key=key)
            report.error(part.position, twice, Message("delete one"))
        seen.add((kind, key))


def _check_part(
    part: ParsedRecord,
    beside: frozenset[str],
    signoffs: AbstractSet[str],
    parsed: ParsedCurriculum,
    report: Report,
) -> None:
    kind = _kind_of(part)
    if kind in ACTIVITY_KINDS:
        ActivityDone.check(part, beside, parsed, report)
    elif kind == "session":
        Credited.check(part, beside, parsed, report)
    else:
        _check_signoff(part, signoffs - beside, signoffs, parsed, report)


def _check_signoff(
    part: ParsedRecord,
    free: AbstractSet[str],
    signoffs: AbstractSet[str],
    parsed: ParsedCurriculum,
    report: Report,
) -> None:
    """A sign-off exists because a milestone requires it."""
    key, position = part.word("signoff"), part.position_of("signoff")
    if not key or key in signoffs or not parsed.complete:
        return
    missing = Message("No milestone requires the sign-off `%(key)s`.", key=key)
    report.error(position, missing, report.suggest(position, key, sorted(free)))


def _signoffs(parsed: ParsedCurriculum) -> Iterator[str]:
    top = (each for milestone in parsed.milestones for each in milestone.records("requirements"))
    return (each.word("signoff") for each in with_parts_of(top) if each.has("signoff"))


def _beside(part: ParsedRecord, parts: tuple[ParsedRecord, ...]) -> frozenset[str]:
    """The keys of the other parts of its kind."""
    return frozenset(key_of(each) for each in parts if _kind_of(each) == _kind_of(part))


def _kind_of(part: ParsedRecord) -> str:
    """`page`, `link`, `quiz`, `session` or `signoff`: the record's only key."""
    return part.schema.keys[0].name
