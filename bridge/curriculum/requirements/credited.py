"""The requirements `session:`, `led:`, `mentoring:`, `certificate:`, `program:` and `credit:`."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, TypeGuard, assert_never, cast, get_args

from bridge.curriculum.parsed_curriculum import ParsedCurriculum
from bridge.curriculum.parsed_record import ParsedRecord
from bridge.curriculum.problems import Report
from bridge.curriculum.requirements.facts import CreditKind, Facts, FeatureCredit
from bridge.curriculum.requirements.requirement import (
    Names,
    RecordedBy,
    Requirement,
    SingleRequirement,
    with_parts,
)
from bridge.curriculum.text import NO_TEXT, Text, key_as_words
from bridge.curriculum.value_types import (
    TITLE,
    Field,
    ListOf,
    Months,
    Name,
    NamePair,
    Record,
    in_months,
    optional,
)
from bridge.messages import Message

WITHIN = optional(
    "within",
    Months(),
    "How long ago it may be, such as `36 months` or `3 years`.",
    default="any time",
)
TITLE_FIELD = optional("title", TITLE, "What it is called, as members see it.")

KIND_LABELS: Mapping[str, Message] = {
    "session": Message("session"),
    "led": Message("session"),
    "mentoring": Message("mentoring part"),
    "certificate": Message("certificate"),
    "program": Message("program"),
}


@dataclass(frozen=True, slots=True)
class Credited(SingleRequirement):
    """Met by a credit of this kind that has not ended. `within`: months it may be old; 0: any."""

    credit: CreditKind | FeatureCredit
    within: int = 0
    title: Text = NO_TEXT

    kind: ClassVar = "credit"
    evidence: ClassVar = "credits"
    recorded_by: ClassVar[RecordedBy] = "committee"

    @classmethod
    def records(cls, requirements: ListOf) -> tuple[Record, ...]:
        key, about = Name(), "A session that the member has attended."
        session = Field("session", key, "The session, with all its parts.")
        led = Field("led", key, "The session that the member has led once.")
        pair = Field("mentoring", NamePair(), "The program and its part, such as `mentors/theory`.")
        certificate = Field("certificate", key, "The certificate, such as `first-aid`.")
        program = Field("program", key, "The program that the member has completed.")
        other = Field("credit", NamePair(), "Any other credit: its kind and its key.")
        return (
            Record("session-requirement", about, (session, WITHIN, TITLE_FIELD)),
            Record("led-requirement", "A session led.", (led, WITHIN, TITLE_FIELD)),
            Record("mentoring-requirement", "A part of a mentoring program completed.",
                   (pair, WITHIN, TITLE_FIELD)),
            Record("certificate-requirement", "A certificate that a person has verified.",
                   (certificate, WITHIN, TITLE_FIELD)),
            Record("program-requirement", "A program completed.", (program, WITHIN, TITLE_FIELD)),
            Record("credit-requirement", "A credit of a kind that only one feature gives.",
                   (other, WITHIN, TITLE_FIELD)),
        )  # fmt: skip

    @classmethod
    def check(
        cls,
        record: ParsedRecord,
        beside: AbstractSet[str],
        parsed: ParsedCurriculum,
        report: Report,
    ) -> None:
        kind, key = _kind_and_key(record)
        position = record.position_of(record.schema.keys[0].name)
        if record.has("credit") and _is_core(kind):
            wrong = Message("Credits of the kind `%(kind)s` have a key of their own.", kind=kind)
            report.error(position, wrong, Message("Write `%(kind)s:` instead.", kind=kind))
            return
        known = parsed.credit_keys.get(kind)
        if known is None or not key or key in known or not parsed.complete:
            return
        missing = Message(
            "There is no %(kind)s `%(key)s`.", kind=KIND_LABELS.get(kind, kind), key=key
        )
        report.error(position, missing, report.suggest(position, key, sorted(known - beside)))

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
    def build(cls, record: ParsedRecord, parts: tuple[Requirement, ...]) -> Credited:
        kind, key = _kind_and_key(record)
        within = in_months(record.word("within")) if record.has("within") else 0
        return cls(key, kind, within, record.text("title"))

    @property
    def evidence_key(self) -> str:
        return evidence_key(self.credit, self.key)

    def is_met(self, facts: Facts) -> bool:
        since = months_before(facts.today, self.within) if self.within else date.min
        return any(
            each.key == self.key and each.kind == self.credit and each.is_valid(facts.today, since)
            for each in facts.credits
        )

    def words(self, names: Names) -> Message:
        title = self.title.shown(names.language) or _title(self.evidence_key, names)
        task = _task(self.credit, title)
        if not self.within:
            return task
        if self.within == 1:
            return Message("%(what)s (in the last month)", what=task)
        return Message("%(what)s (in the last %(count)s months)", what=task, count=self.within)

    @classmethod
    def name_of(cls, key: str, names: Names) -> str:
        return _done(cast("CreditKind | FeatureCredit", key.partition(":")[0]), _title(key, names))

    def as_data(self) -> dict[str, object]:
        data: dict[str, object] = {"kind": self.kind, "credit": self.credit, "key": self.key}
        return data | ({"within_months": self.within} if self.within else {})


def evidence_key(kind: str, key: str) -> str:
    """How awards store a credit: `certificate:first-aid`."""
    return f"{kind}:{key}"


def credit_titles(requirements: Iterable[Requirement]) -> dict[str, Text]:
    """Evidence key -> title of each credit required, also of parts of groups."""
    found: dict[str, Text] = {}
    for each in with_parts(requirements):
        if isinstance(each, Credited):
            found[each.evidence_key] = found.get(each.evidence_key) or each.title
    return found


def required_keys(
    requirements: Iterable[Requirement], kind: CreditKind | FeatureCredit
) -> set[str]:
    """The keys of the credits of this kind that are required, also in parts of groups."""
    found = (each for each in with_parts(requirements) if isinstance(each, Credited))
    return {each.key for each in found if each.credit == kind}


def months_before(day: date, months: int) -> date:
    """The same day some months earlier, or that month's last day; the first date there is at most.

    31 March minus one month is the last day of February.
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    if year < date.min.year:
        return date.min
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _task(kind: CreditKind | FeatureCredit, title: str) -> Message:
    if not _is_core(kind):
        return Message("Credit: %(title)s", title=title)
    match kind:
        case "session":
            return Message("Attend the session “%(title)s”", title=title)
        case "led":
            return Message("Lead the session “%(title)s”", title=title)
        case "mentoring":
            return Message("Complete the mentoring part “%(title)s”", title=title)
        case "program":
            return Message("Complete the program “%(title)s”", title=title)
        case "certificate":
            return Message("Certificate: %(title)s", title=title)
        case "signoff":
            return Message("Sign-off: %(title)s", title=title)
        case _:
            assert_never(kind)


def _done(kind: CreditKind | FeatureCredit, title: str) -> Message:
    if not _is_core(kind):
        return Message("Credit: %(title)s", title=title)
    match kind:
        case "session":
            return Message("Session: %(title)s", title=title)
        case "led":
            return Message("Led a session: %(title)s", title=title)
        case "mentoring":
            return Message("Mentoring: %(title)s", title=title)
        case "program":
            return Message("Program: %(title)s", title=title)
        case "certificate":
            return Message("Certificate: %(title)s", title=title)
        case "signoff":
            return Message("Sign-off: %(title)s", title=title)
        case _:
            assert_never(kind)


def _is_core(kind: str) -> TypeGuard[CreditKind]:
    return kind in get_args(CreditKind)


def _title(key: str, names: Names) -> str:
    return names.credits.get(key) or key_as_words(key.partition(":")[2].replace("/", ", "))


def _kind_and_key(record: ParsedRecord) -> tuple[CreditKind | FeatureCredit, str]:
    """`session: x` and `credit: kind/x`."""
    name = record.schema.keys[0].name
    if name != "credit":
        return cast(CreditKind, name), record.word(name)
    kind, _, key = record.word(name).partition("/")
    return FeatureCredit(kind), key
