"""Who gets an email to members: counted for the preview, and fixed when it is sent."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy.orm import Session

from bridge.curriculum.former_keys import all_keys
from bridge.curriculum.model import Curriculum
from bridge.mail.mailings import COMMITTEE
from bridge.store.members.search import MemberFilter
from bridge.store.persons import recipients
from bridge.store.persons.recipients import Addressee, Outcome
from bridge.store.tables.member_emails import MemberEmail
from bridge.workflows.member_emails.texts import LANGUAGES, Texts, from_data, text_language

MANY = 200
"""From here on, the preview warns: an email can't be called back."""
OUTCOMES: Sequence[Outcome] = (
    "gets", "no-address", "unsubscribed", "inactive", "same-address",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Audience:
    """The members of the list. `language`: of someone who hasn't chosen one."""

    everyone: Sequence[Addressee]
    texts: Texts
    language: str

    def of(self, outcome: Outcome) -> list[Addressee]:
        """The members with this outcome."""
        return [each for each in self.everyone if each.outcome == outcome]

    @property
    def getting(self) -> list[Addressee]:
        return self.of("gets")

    @property
    def counts(self) -> Mapping[Outcome, int]:
        """How many get it, and how many don't and why."""
        found = Counter(each.outcome for each in self.everyone)
        return {each: found[each] for each in OUTCOMES}

    @property
    def by_language(self) -> Mapping[str, int]:
        """How many get the text in each language."""
        read = [text_language(e.language, self.texts, self.language) for e in self.getting]
        return {each: read.count(each) for each in LANGUAGES if each in read}

    @property
    def in_another_language(self) -> int:
        """How many get a text that isn't in the language they read."""
        return sum(
            1
            for each in self.getting
            if not _reads(
                each.language or self.language,
                text_language(each.language, self.texts, self.language),
            )
        )


def _reads(language: str, text: str) -> bool:
    return language.lower().startswith(text)


def read_audience(
    session: Session, row: MemberEmail, curricula: Sequence[Curriculum], language: str
) -> Audience:
    """Who would get an email if it were sent now. One query."""
    return audience_of(
        session, member_filter(row.filters, curricula), from_data(row.texts), language
    )


def audience_of(session: Session, wanted: MemberFilter, texts: Texts, language: str) -> Audience:
    """Who of a filter would get these texts. One query."""
    return Audience(recipients.addressees(session, wanted, COMMITTEE.key), texts, language)


def member_filter(filters: Mapping[str, object], curricula: Sequence[Curriculum]) -> MemberFilter:
    """The filter of a list as it is stored: words, region, status, milestone (path:milestone)."""
    region, status, words = (str(filters.get(each) or "") for each in ("region", "status", "words"))
    path, _, key = str(filters.get("milestone") or "").partition(":")
    milestones = _keys(curricula, path, key) if path else ()
    return MemberFilter(words, {region} if region else None, path, milestones, status)


def _keys(curricula: Sequence[Curriculum], path: str, key: str) -> Collection[str]:
    """The key of a milestone, and those it had before."""
    curriculum = next((each for each in curricula if each.key == path), None)
    milestone = curriculum.milestone(key) if curriculum else None
    return all_keys(milestone) if milestone else (key,)


def fingerprint(row: MemberEmail, audience: Audience) -> str:
    """A short text that changes when what is sent, or to whom, changes."""
    said = (row.id, row.version, [each.id for each in audience.getting])
    return hashlib.sha256(repr(said).encode()).hexdigest()


def as_previewed(audience: Audience, now: datetime) -> dict[str, object]:
    """What a draft remembers of the preview: who would get it, and when someone looked."""
    return {"ids": [each.id for each in audience.getting], "at": now.isoformat()}


@dataclass(frozen=True, slots=True)
class Changed:
    """The IDs of the members who get it only since the preview, and of those who don't any more."""

    added: Sequence[int] = ()
    gone: Sequence[int] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.gone)


def changed_since(row: MemberEmail, audience: Audience) -> Changed:
    """Who was added or is gone since someone pressed *Preview*."""
    if "ids" not in row.previewed:
        return Changed()
    before = set(cast("list[int]", row.previewed["ids"]))
    now = {each.id for each in audience.getting}
    return Changed(sorted(now - before), sorted(before - now))
