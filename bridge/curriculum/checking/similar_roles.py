"""Find roles that are probably misspelt, because they are nearly the same as another role."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from difflib import SequenceMatcher

from bridge.curriculum.parsed_curriculum import ParsedCurriculum
from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.problems import Position, Report
from bridge.curriculum.reading.role_words import RoleLabels, role_meant
from bridge.curriculum.reading.scalars import is_key
from bridge.curriculum.requirements.register import with_parts_of
from bridge.curriculum.requirements.role import ROLES
from bridge.messages import Message

MIN_SIMILARITY = 0.85
"""From which similarity (0 to 1) on one of two roles is probably misspelt."""

MAX_ROLES = 100
"""Comparing takes long, so nothing is said about more different roles than these."""


def check_roles(parsed: ParsedCurriculum, report: Report) -> None:
    """Warn about roles that are similar to a known one, or to one that is used more often."""
    labels = report.role_labels
    used = [(role, position) for role, position in _roles(parsed) if is_key(role)]
    counts = Counter(role for role, _ in used)
    if len(counts) > MAX_ROLES:
        return
    common = {*ROLES, *labels}
    meanings = {role: _meant(role, common, counts, labels) for role in counts}
    for role, position in used:
        if meant := meanings[role]:
            report.warning(
                position,
                Message("Nobody may have the role `%(role)s`.", role=role),
                Message("did you mean `%(name)s`?", name=meant),
            )


def _roles(parsed: ParsedCurriculum) -> Iterator[tuple[str, Position]]:
    for owner in (*parsed.milestones, *parsed.forms, *(parsed.topics or ())):
        for part in (owner.record_of("entry"), owner.record_of("audience")):
            yield from _role_of(part)
        for requirement in with_parts_of(owner.records("requirements")):
            yield from _role_of(requirement)


def _role_of(record: ParsedRecord | None) -> Iterator[tuple[str, Position]]:
    if record and record.has("role"):
        yield record.word("role"), record.position_of("role")


def _meant(role: str, common: AbstractSet[str], counts: Counter[str], labels: RoleLabels) -> str:
    """The role that is meant; '' if this one is common, or like no other."""
    if role in common:
        return ""
    if meant := role_meant(role, labels):
        return meant
    others = [*sorted(common), *(other for other, count in counts.items() if count > counts[role])]
    similar = (other for other in others if _is_similar(role, other))
    return max(similar, key=lambda other: SequenceMatcher(None, role, other).ratio(), default="")


def _is_similar(role: str, other: str) -> bool:
    """Whether two roles differ like a word and its misspelling, and not on purpose.

    On purpose: `trainer` and `trainee`, `area-1` and `area-2`, `co-steward` and `steward`.
    """
    pairs = {role, other}
    on_purpose = (
        ({role[:-1], other[:-1]} == {role[:-1]} and {role[-1:], other[-1:]} == {"r", "e"})
        or re.sub(r"\d", "", role) == re.sub(r"\d", "", other)
        or role.endswith(f"-{other}")
        or other.endswith(f"-{role}")
    )
    is_close = SequenceMatcher(None, role, other).ratio() >= MIN_SIMILARITY
    return len(pairs) == 2 and is_close and not on_purpose
