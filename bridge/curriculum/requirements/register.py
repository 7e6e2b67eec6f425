"""All kinds of requirements, and what is derived from them: the table of keys, checks, building."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet

from bridge.curriculum.parsed_curriculum import ParsedCurriculum
from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.problems import Report
from bridge.curriculum.requirements.activity import ActivityDone
from bridge.curriculum.requirements.credited import Credited
from bridge.curriculum.requirements.group import AtLeast
from bridge.curriculum.requirements.requirement import Requirement, SingleRequirement
from bridge.curriculum.requirements.role import HasRole
from bridge.curriculum.requirements.signoff import SignedOff
from bridge.curriculum.value_types import ListOf, OneOf, Record


def _complete(*kinds: type[Requirement]) -> tuple[type[Requirement], ...]:
    """The kinds. mypy refuses arguments that lack a method; in a tuple it would accept them."""
    return kinds


KINDS = _complete(ActivityDone, SignedOff, HasRole, Credited, AtLeast)
"""The order is the order in messages and in the JSON Schema."""

SINGLE_KINDS = tuple(kind for kind in KINDS if issubclass(kind, SingleRequirement))
KIND_BY_EVIDENCE = {kind.evidence: kind for kind in SINGLE_KINDS}
"""The kinds by the key of an award's evidence."""
KIND_NAMES = tuple(kind.kind for kind in KINDS)
"""The names of the kinds in the API."""


def _list_of(names: tuple[str, ...]) -> ListOf:
    return ListOf(OneOf(names, "a requirement"))


def _records(requirements: ListOf) -> tuple[Record, ...]:
    return tuple(record for kind in KINDS for record in kind.records(requirements))


# The records are made twice: a group holds requirements of any kind, so it needs all their names.
REQUIREMENTS = _list_of(tuple(record.name for record in _records(_list_of(()))))
"""The shape of a list of requirements."""
RECORDS = _records(REQUIREMENTS)
"""How all kinds are written in YAML."""

_KIND_BY_RECORD = {record.name: kind for kind in KINDS for record in kind.records(REQUIREMENTS)}


def parts_of(record: ParsedRecord) -> tuple[ParsedRecord, ...]:
    """The requirements written inside a requirement."""
    return _kind_of(record).parts_of(record)


def with_parts_of(records: Iterable[ParsedRecord]) -> Iterator[ParsedRecord]:
    """All requirements, each followed by its parts."""
    for record in records:
        yield record
        yield from with_parts_of(parts_of(record))


def check_requirement(
    record: ParsedRecord, beside: AbstractSet[str], parsed: ParsedCurriculum, report: Report
) -> None:
    """Report wrong references and numbers in one requirement, without its parts.

    `beside`: the keys of all requirements of its kind in its list.
    """
    _kind_of(record).check(record, beside, parsed, report)


def can_be_met(record: ParsedRecord, parsed: ParsedCurriculum, enterable: AbstractSet[str]) -> bool:
    """Whether a member who can enter only the milestones `enterable` can meet a requirement."""
    parts = [can_be_met(part, parsed, enterable) for part in parts_of(record)]
    return _kind_of(record).can_be_met(record, parsed, enterable, parts)


def build_requirement(record: ParsedRecord) -> Requirement:
    """Build a requirement from a record without errors."""
    parts = tuple(build_requirement(part) for part in parts_of(record))
    return _kind_of(record).build(record, parts)


def _kind_of(record: ParsedRecord) -> type[Requirement]:
    return _KIND_BY_RECORD[record.schema.name]
