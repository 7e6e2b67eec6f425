"""Matching member records to members. It works in memory, so a batch needs few queries."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bridge.member_records import CLEARABLE, FACTS, MemberRecord
from bridge.member_records import email_key as email_key
from bridge.membership.numbers import number_key
from bridge.membership.roles import HeldRole
from bridge.membership.values import CLEARED
from bridge.messages import Message
from bridge.store.members.number_questions import MEANS_MEMBER, SAME_DETAILS, SPELLING

Roles = tuple[HeldRole, ...] | None
"""None: nothing is said about roles."""
MAX_NAME_LENGTH = 100
SELF_DECLARED = frozenset({"form", "moodle"})
"""Sources where people enter their own details. All others are the membership system."""
SUPERVISOR = ("supervisor_name", "supervisor_email")
NUMBER_UNPROVEN = Message(
    "the stored record with this member number came from a Moodle profile, where anyone can enter "
    "any number, and has another email. Run `stewardpath members check-accounts --ask`, answer "
    "the question about that record, and import the member again."
)
ASK_A_PERSON = Message(
    "A person must say whether it is the same member: on the page Number questions, or with "
    "`stewardpath members number-questions`. Then send the record again."
)
ASKED = {
    SPELLING: Message(
        "a member has the same number in another spelling, such as with other zeros at the "
        "beginning. %(todo)s",
        todo=ASK_A_PERSON,
    ),
    SAME_DETAILS: Message(
        "a member with another number has the same name and email. %(todo)s", todo=ASK_A_PERSON
    ),
}


class MatchRejected(Exception):
    """A record can't be matched to one member for certain. `why`: as a sentence."""

    def __init__(self, why: Message) -> None:
        super().__init__(why)
        self.why = why


class NumberInQuestion(MatchRejected):
    """A record with another number may be about the member of `draft`: a question for a person.

    `reason`: one of the question's.
    """

    def __init__(self, draft: MemberDraft, reason: str) -> None:
        super().__init__(ASKED[reason])
        self.draft, self.reason = draft, reason


@dataclass(slots=True, eq=False)
class MemberDraft:
    """A member as it will be stored. For a new one, `id` and `before` are None.

    `indexes`: indexes of the records in the batch that it was made from. `number_unproven`: its
    member number comes only from a Moodle profile.
    """

    id: int | None
    before: MemberRecord | None
    after: MemberRecord
    indexes: list[int] = field(default_factory=list)
    number_unproven: bool = False

    def take(self, record: MemberRecord) -> None:
        """Update the draft with a record. Empty fields of the record change nothing.

        `CLEARED` empties a field. A new supervisor doesn't inherit the details of the former one.

        If the membership system knows the member, a record that they entered themselves only
        sets missing links (language, Moodle account).
        """
        old = self.after
        if record.source in SELF_DECLARED and old.source not in SELF_DECLARED:
            self._link(record)
            return
        same_supervisor = _says_nothing_new(record, old, SUPERVISOR)
        facts: dict[str, Any] = {
            name: _said(record, old if same_supervisor or name not in SUPERVISOR else None, name)
            for name in FACTS
        }
        self.after = replace(
            old,
            **facts,
            number=record.number or old.number,
            email=record.email,
            first_name=record.first_name or old.first_name,
            last_name=record.last_name or old.last_name,
            region=_said(record, old, "region"),
            language=record.language or old.language,
            roles=_said_roles(old.roles, record),
            moodle_user_id=record.moodle_user_id or old.moodle_user_id,
            source=record.source if old.source in SELF_DECLARED else old.source,
        )

    def _link(self, record: MemberRecord) -> None:
        old = self.after
        self.after = replace(
            old,
            language=old.language or record.language,
            moodle_user_id=record.moodle_user_id or old.moodle_user_id,
        )


class MemberIndex:
    """All members that a batch may refer to: stored ones and new ones from the batch.

    `answers`: those of persons about the numbers of the batch.
    """

    def __init__(
        self, drafts: Iterable[MemberDraft], answers: Mapping[str, Mapping[int, str]]
    ) -> None:
        self._answers = answers
        self._ids: dict[int, MemberDraft] = {}
        self._number_keys: defaultdict[str, list[MemberDraft]] = defaultdict(list)
        self._numbers: dict[str, MemberDraft] = {}
        self._accounts: dict[int, MemberDraft] = {}
        self._emails: defaultdict[str, list[MemberDraft]] = defaultdict(list)
        for draft in drafts:
            self._index(draft)

    def take(self, index: int, record: MemberRecord) -> MemberDraft:
        """Assign a record to its member, or to a new one. Raises MatchRejected."""
        draft = self._match(record)
        if draft and self._meant(record) is draft:
            record = replace(record, number=draft.after.number)
        if draft is None:
            draft = MemberDraft(None, None, _without_marks(record))
        else:
            draft.take(record)
        draft.indexes.append(index)
        self._index(draft)
        return draft

    def _index(self, draft: MemberDraft) -> None:
        # Entries are never removed: `_find_by_email` checks the draft's current email.
        if draft.id is not None:
            self._ids[draft.id] = draft
        if draft.after.number:
            self._numbers[draft.after.number] = draft
            self._number_keys[number_key(draft.after.number)].append(draft)
        if draft.after.moodle_user_id:
            self._accounts[draft.after.moodle_user_id] = draft
        same_email = self._emails[email_key(draft.after.email)]
        if draft not in same_email:
            same_email.append(draft)

    def _match(self, record: MemberRecord) -> MemberDraft | None:
        by_number = self._numbers.get(record.number or "") or self._meant(record)
        by_account = self._accounts.get(record.moodle_user_id or 0)
        if by_number and _number_may_be_stolen(by_number, record):
            raise MatchRejected(NUMBER_UNPROVEN)
        other = by_account if by_account is not by_number else None
        if other and (by_number or (record.number and other.after.number)):
            raise MatchRejected(
                Message(
                    "Moodle account %(id)s already belongs to another member.",
                    id=str(record.moodle_user_id),
                )
            )
        if record.number and not by_number and not by_account:
            self._check_number(record)
        found = by_number or by_account or self._find_by_email(record)
        if found and not _compatible_accounts(found.after.moodle_user_id, record.moodle_user_id):
            raise MatchRejected(
                Message(
                    "the member already has another Moodle account (%(known)s, not %(given)s).",
                    known=str(found.after.moodle_user_id),
                    given=str(record.moodle_user_id),
                )
            )
        return found

    def _meant(self, record: MemberRecord) -> MemberDraft | None:
        """Return the member that the record's number means, by the answer of a person."""
        if record.number in self._numbers:
            return None
        answers = self._answers.get(record.number or "", {})
        meant = (member for member, answer in answers.items() if answer in MEANS_MEMBER)
        return self._ids.get(next(meant, 0))

    def _check_number(self, record: MemberRecord) -> None:
        """Raises NumberInQuestion if a member with another number may be the same person."""
        others = self._answers.get(record.number or "", {})
        key = number_key(record.number)
        same_key = [
            draft
            for draft in self._number_keys.get(key, ())
            if number_key(draft.after.number) == key  # not one whose number has changed since
        ]
        same_email = self._emails.get(email_key(record.email), ())
        for reason, drafts in ((SPELLING, same_key), (SAME_DETAILS, same_email)):
            for draft in drafts:
                if draft.id in others or not draft.after.number:
                    continue
                if reason == SPELLING or _same_details(draft.after, record):
                    raise NumberInQuestion(draft, reason)

    def _find_by_email(self, record: MemberRecord) -> MemberDraft | None:
        """Return the only member with this email and no other Moodle account.

        Members with a number only match people who registered in Moodle without a number.
        """
        key = email_key(record.email)
        found = [
            draft
            for draft in self._emails[key]
            if (not draft.after.number or (record.moodle_user_id and not record.number))
            and email_key(draft.after.email) == key
            and _compatible_accounts(draft.after.moodle_user_id, record.moodle_user_id)
        ]
        if len(found) > 1:
            raise MatchRejected(
                Message("%(count)s members have this email.", count=str(len(found)))
            )
        return found[0] if found else None


def _same_details(one: MemberRecord, other: MemberRecord) -> bool:
    """Return whether both have the same name and email."""
    return _details(one) == _details(other)


def _details(record: MemberRecord) -> tuple[str, str, str]:
    return (
        email_key(record.email), name_key(record.first_name), name_key(record.last_name),
    )  # fmt: skip


def _said(record: MemberRecord, old: MemberRecord | None, name: str) -> str:
    """Return what the record says about a field, else its old value; '' if the record clears it."""
    said = str(getattr(record, name))
    if said == CLEARED:
        return ""
    return said or (str(getattr(old, name)) if old else "")


def _says_nothing_new(record: MemberRecord, old: MemberRecord, names: Iterable[str]) -> bool:
    return all(_said(record, old, name) == getattr(old, name) for name in names)


def _without_marks(record: MemberRecord) -> MemberRecord:
    """Return the record of a new member: what it clears is empty."""
    cleared = [name for name in CLEARABLE if getattr(record, name) == CLEARED]
    empty: dict[str, Any] = dict.fromkeys(cleared, "")
    return replace(record, **empty)


def _number_may_be_stolen(stored: MemberDraft, record: MemberRecord) -> bool:
    """Return whether someone else may have entered the record's number in Moodle."""
    return (
        stored.number_unproven
        and stored.after.source == "moodle"
        and record.source not in SELF_DECLARED
        and email_key(stored.after.email) != email_key(record.email)
    )


def _compatible_accounts(known: int | None, given: int | None) -> bool:
    """Return whether two Moodle account IDs can belong to one person."""
    return known is None or given is None or known == given


def normalize(record: MemberRecord) -> MemberRecord:
    """Return the record with trimmed texts, and with its roles in `roles` only.

    Facts and roles that people enter themselves are dropped.
    """
    entered = record.source in SELF_DECLARED
    facts: dict[str, Any] = {
        name: "" if entered else getattr(record, name).strip() for name in FACTS
    }
    return replace(
        record,
        number=(record.number or "").strip() or None,
        email=record.email.strip(),
        first_name=record.first_name.strip(),
        last_name=record.last_name.strip(),
        region=record.region.strip(),
        language=record.language.strip(),
        role="",
        role_since=None,
        roles=None if entered else replace(record, role=record.role.strip()).said_roles,
        **facts,
    )


def _said_roles(before: Roles, record: MemberRecord) -> Roles:
    """The roles of a member after one more record: of the earlier ones too if it only adds."""
    if record.roles is None or not record.adds_roles:
        return before if record.roles is None else record.roles
    kept = [each for each in before or () if not any(map(each.overlaps, record.roles))]
    return (*kept, *record.roles)


def name_key(name: str) -> str:
    """Return the name for searching: lower case, without accents, at most 100 characters."""
    plain = unicodedata.normalize("NFKD", name)
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()[:MAX_NAME_LENGTH]
