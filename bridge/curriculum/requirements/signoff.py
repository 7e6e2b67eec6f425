"""The requirement `signoff:`: something done in person that the committee records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import ClassVar, Literal, cast, get_args

from bridge.curriculum.parsed_curriculum import ParsedCurriculum
from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.problems import Report
from bridge.curriculum.requirements.facts import Facts
from bridge.curriculum.requirements.requirement import (
    Names,
    RecordedBy,
    Requirement,
    SingleRequirement,
    with_parts,
)
from bridge.curriculum.text import NO_TEXT, Text, key_as_words
from bridge.curriculum.value_types import TITLE, Field, ListOf, Name, Record, Word, optional
from bridge.messages import Message

Signer = Literal["chair", "leader", "mentor", "committee"]
"""Who records a sign-off: for their region, their sessions, their own people, or for everyone."""
SIGNERS: tuple[Signer, ...] = get_args(Signer)


@dataclass(frozen=True, slots=True)
class SignedOff(SingleRequirement):
    """Met when someone who may records that the member has done it in person.

    `signed_off_by`: who may besides the committee, which always may.
    """

    title: Text = NO_TEXT
    signed_off_by: frozenset[Signer] = frozenset()

    kind: ClassVar = "signoff"
    evidence: ClassVar = "signoffs"
    recorded_by: ClassVar[RecordedBy] = "committee"

    @classmethod
    def records(cls, requirements: ListOf) -> tuple[Record, ...]:
        return (
            Record(
                "signoff",
                "Something done in person that the committee records.",
                (
                    Field(
                        "signoff",
                        Name(),
                        "The sign-off that the committee records, such as `basic-training`.",
                    ),
                    optional("title", TITLE, "The sign-off in words, as members see it."),
                    optional(
                        "signed-off-by",
                        ListOf(Word(SIGNERS), or_word=True),
                        "Who records it: chairs for their region, leaders for people who attended "
                        "their sessions, mentors for their own people. The committee always may.",
                        default="committee",
                    ),
                ),
            ),
        )

    @classmethod
    def check(
        cls,
        record: ParsedRecord,
        beside: AbstractSet[str],
        parsed: ParsedCurriculum,
        report: Report,
    ) -> None:
        """Nothing to check: a sign-off is defined by being required."""

    @classmethod
    def can_be_met(
        cls,
        record: ParsedRecord,
        parsed: ParsedCurriculum,
        enterable: AbstractSet[str],
        parts: Sequence[bool],
    ) -> bool:
        return True

    @classmethod
    def build(cls, record: ParsedRecord, parts: tuple[Requirement, ...]) -> SignedOff:
        words = (each.text.strip().lower() for each in record.words("signed-off-by"))
        named = frozenset(cast(Signer, word) for word in words)
        return cls(record.word("signoff"), record.text("title"), named - {"committee"})

    def is_met(self, facts: Facts) -> bool:
        return self.key in facts.signoffs

    def words(self, names: Names) -> Message:
        title = self.title.shown(names.language) or self.name_of(self.key, names)
        return Message("Sign-off: %(title)s", title=title)

    @classmethod
    def name_of(cls, key: str, names: Names) -> str:
        return names.signoffs.get(key) or key_as_words(key)


def signoff_titles(requirements: Iterable[Requirement]) -> dict[str, Text]:
    """Key -> title of each sign-off required. A title given anywhere counts everywhere."""
    found: dict[str, Text] = {}
    for each in with_parts(requirements):
        if isinstance(each, SignedOff):
            found[each.key] = found.get(each.key) or each.title
    return found


def signoff_signers(requirements: Iterable[Requirement]) -> dict[str, frozenset[Signer]]:
    """Key -> who may record each sign-off required. Named anywhere, they may everywhere."""
    found: dict[str, frozenset[Signer]] = {}
    for each in with_parts(requirements):
        if isinstance(each, SignedOff):
            also = frozenset[Signer]({"committee"}) | each.signed_off_by
            found[each.key] = found.get(each.key, frozenset()) | also
    return found
