"""Whose record is it? Records are matched in memory, so that a batch costs few queries."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from bridge.roster import MemberRecord

LONGEST_NAME = 100
SELF_DECLARED = frozenset({"form", "moodle"})
"""Sources where people describe themselves. All others are the membership system."""
NUMBER_UNPROVEN = (
    "the record with this member number came from a Moodle profile, where everyone can enter any "
    "number, and has another e-mail. Run `stewardpath members check-accounts --ask`, answer the "
    "question about that record, and import the member again."
)


class Refused(Exception):
    """The record cannot be given to one person for certain; the text says why."""


@dataclass(slots=True, eq=False)
class Draft:
    """A member as it will be stored. `id` is None and `before` None for a new one.

    `places`: which records of the batch it was made from. `number_unproven`: its member number
    comes from a Moodle profile alone.
    """

    id: int | None
    before: MemberRecord | None
    after: MemberRecord
    places: list[int] = field(default_factory=list)
    number_unproven: bool = False

    def take(self, record: MemberRecord) -> None:
        """Bring the draft up to date; what the record does not say stays as it was.

        A member known to the membership system follows that system: what they say of themselves
        elsewhere is only linked to them.
        """
        old = self.after
        if record.source in SELF_DECLARED and old.source not in SELF_DECLARED:
            self._link(record)
            return
        same_role = record.role in ("", old.role)
        self.after = replace(
            old,
            number=record.number or old.number,
            email=record.email,
            first_name=record.first_name or old.first_name,
            last_name=record.last_name or old.last_name,
            region=record.region or old.region,
            language=record.language or old.language,
            role=record.role or old.role,
            # The day the old role began says nothing of a new one.
            role_since=record.role_since or (old.role_since if same_role else None),
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


class Known:
    """The people a batch may be about: those stored, and those the batch itself brings."""

    def __init__(self, drafts: Iterable[Draft]) -> None:
        self._numbers: dict[str, Draft] = {}
        self._accounts: dict[int, Draft] = {}
        self._emails: defaultdict[str, list[Draft]] = defaultdict(list)
        for draft in drafts:
            self._index(draft)

    def take(self, place: int, record: MemberRecord) -> Draft:
        """Give the record to its member, or to a new one. Raises Refused."""
        draft = self._match(record)
        if draft is None:
            draft = Draft(None, None, record)
        else:
            draft.take(record)
        draft.places.append(place)
        self._index(draft)
        return draft

    def _index(self, draft: Draft) -> None:
        # Entries are never removed: `_by_email` looks at what the draft says by then.
        if draft.after.number:
            self._numbers[draft.after.number] = draft
        if draft.after.moodle_user_id:
            self._accounts[draft.after.moodle_user_id] = draft
        same_email = self._emails[email_key(draft.after.email)]
        if draft not in same_email:
            same_email.append(draft)

    def _match(self, record: MemberRecord) -> Draft | None:
        by_number = self._numbers.get(record.number or "")
        by_account = self._accounts.get(record.moodle_user_id or 0)
        if by_number and _is_another_persons(by_number, record):
            raise Refused(NUMBER_UNPROVEN)
        other = by_account if by_account is not by_number else None
        if other and (by_number or (record.number and other.after.number)):
            raise Refused(
                f"Moodle account {record.moodle_user_id} belongs to another member already."
            )
        found = by_number or by_account or self._by_email(record)
        if found and not _same(found.after.moodle_user_id, record.moodle_user_id):
            raise Refused(
                f"the member has Moodle account {found.after.moodle_user_id} already, "
                f"not {record.moodle_user_id}."
            )
        return found

    def _by_email(self, record: MemberRecord) -> Draft | None:
        """The one member who has the e-mail and no other Moodle account.

        Members with a number are only found by somebody who registered in Moodle without one.
        """
        key = email_key(record.email)
        found = [
            draft
            for draft in self._emails[key]
            if (not draft.after.number or (record.moodle_user_id and not record.number))
            and email_key(draft.after.email) == key
            and _same(draft.after.moodle_user_id, record.moodle_user_id)
        ]
        if len(found) > 1:
            raise Refused(f"{len(found)} members have this e-mail.")
        return found[0] if found else None


def _is_another_persons(stored: Draft, record: MemberRecord) -> bool:
    """Whether the stored number may be the record's, entered by a stranger in Moodle."""
    return (
        stored.number_unproven
        and stored.after.source == "moodle"
        and record.source not in SELF_DECLARED
        and email_key(stored.after.email) != email_key(record.email)
    )


def _same(known: int | None, given: int | None) -> bool:
    """Whether two Moodle accounts can be one person's."""
    return known is None or given is None or known == given


def tidy(record: MemberRecord) -> MemberRecord:
    """The record without blanks around its texts, an empty number, or a day without a role."""
    role = record.role.strip()
    return replace(
        record,
        number=(record.number or "").strip() or None,
        email=record.email.strip(),
        first_name=record.first_name.strip(),
        last_name=record.last_name.strip(),
        region=record.region.strip(),
        language=record.language.strip(),
        role=role,
        role_since=record.role_since if role else None,
    )


def email_key(email: str) -> str:
    """The e-mail as it is compared: in small letters."""
    return email.strip().lower()


def name_key(name: str) -> str:
    """The name as it is looked for: in small letters, without accents, at most 100 characters."""
    plain = unicodedata.normalize("NFKD", name)
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()[:LONGEST_NAME]
