"""Correcting the details of one member by hand."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_
from sqlalchemy.orm import Session

from bridge.store.delivery import profiles
from bridge.store.member_changes import details as store_details
from bridge.store.member_changes.details import MemberDetails, details_of, version_of
from bridge.store.member_changes.similar import (
    Identity,
    SimilarMember,
    find_similar,
    remember_different,
)
from bridge.store.members.locking import lock_addresses, lock_where
from bridge.store.members.matching import email_key
from bridge.store.members.number_answers import remember_number
from bridge.store.members.queries import lock_member
from bridge.store.persons.proof import follow_members, link_by_email
from bridge.store.tables.members import Member
from bridge.workflows.awards import assess
from bridge.workflows.member_changes.outcome import Editor, Outcome


@dataclass(frozen=True, slots=True)
class Edit:
    """New details of a member.

    `version`: of the details that were shown; '' to overwrite. `keeps_number`: records with the
    former number still mean the member.
    """

    details: MemberDetails
    version: str = ""
    keeps_number: bool = False


def edit_member(session: Session, member_id: int, edit: Edit, editor: Editor) -> Outcome:
    """Store new details. A corrected name or address is on its way to Moodle, and milestones that
    depend on the rest are evaluated.

    Nothing is stored if someone else has changed the details since, or while a member with the
    same number or address isn't `accepted`. After a new address, call `require_same_reader` of
    `bridge.privacy`. Raises MemberError if there is no such member.
    """
    new = edit.details
    lock_addresses(session, {new.email})
    same = or_(Member.email_key == email_key(new.email), Member.number == (new.number or None))
    lock_where(session, or_(Member.id == member_id, same))
    member = lock_member(session, member_id)
    before = details_of(member)
    if edit.version and edit.version != version_of(before):
        return Outcome(stored=before)
    has_new_address = email_key(before.email) != email_key(new.email)
    if has_new_address:
        editor.refuse_own_address(session, new.email)
    similar = _similar(session, member, new)
    if asked := editor.open_questions(similar):
        return Outcome(similar=asked)
    if new.number and new.number != before.number:
        remember_different(session, new.number, similar, editor.own, editor.actor, editor.now)
    changed = store_details.save(session, member, new, editor.actor, editor.now)
    if edit.keeps_number and before.number and new.number != before.number:
        remember_number(session, member_id, before.number, editor.actor, editor.now)
    if changed:
        _follow(session, member_id, new, editor)
    return Outcome(member_id, changed, has_new_address)


def _similar(session: Session, member: Member, new: MemberDetails) -> list[SimilarMember]:
    """Members with the same new number or new address. What was so before isn't asked about."""
    wanted = Identity(new.number or None, new.email, new.first_name, new.last_name)
    found = find_similar(session, wanted, member.id, alone=not new.number)
    same_address = email_key(new.email) == member.email_key
    same_number = new.number == (member.number or "")
    return [
        each
        for each in found
        if not (same_number and each.why == "spelling")
        and not (same_address and each.why in ("email", "details"))
        and not (same_address and same_number)
    ]


def _follow(session: Session, member_id: int, new: MemberDetails, editor: Editor) -> None:
    """What follows from other details: as after an import."""
    follow_members(session, [member_id], editor.now)
    link_by_email(session, {email_key(new.email)}, editor.now)
    profiles.enqueue_corrections(session, [member_id], editor.now)
    assess(session, editor.curricula, [member_id], editor.now)
