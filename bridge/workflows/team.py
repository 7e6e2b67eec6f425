"""Gives people roles by email, and takes them away."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bridge.access.holders import chaired_regions, configured_roles
from bridge.access.roles import ROLES, Role
from bridge.access.team import (
    CONFIDENTIAL_ROLES,
    GIVEN_ROLES,
    INVITATION_LIFETIME,
    grant_state,
)
from bridge.config import Config
from bridge.errors import TeamError
from bridge.mail.kinds import EmailKind
from bridge.member_records import email_key
from bridge.messages import Message
from bridge.store.auth import logins, team
from bridge.store.auth.role_holders import committee_addresses
from bridge.store.auth.team import TeamRoleRow
from bridge.store.delivery import outbox
from bridge.store.members import queries as members
from bridge.store.operations import audit_log
from bridge.store.operations.audit_log import AuditAction
from bridge.store.persons.records import PersonRecord
from bridge.workflows.delivery.email_queue import queue_email
from bridge.workflows.delivery.mailings import find_recipient

MIN_WAIT = timedelta(hours=1)
"""Between two invitations to the same role: the address may be a stranger's."""


@dataclass(frozen=True, slots=True)
class Invited:
    """What inviting did: roles that were invited to, that wait to be confirmed, that they had."""

    invited: Sequence[Role]
    unconfirmed: Sequence[Role]
    had: Sequence[Role]


def invite(
    session: Session,
    config: Config,
    person: PersonRecord,
    roles: Collection[Role],
    regions: Collection[str],
    by: str,
    now: datetime,
    *,
    confirmed: bool = False,
) -> Invited:
    """Give a person roles, and send them an invitation.

    `regions`: those that a chair is for. A confidential role waits for a second person, unless it
    is `confirmed` already, by the person who runs the server: then nobody brought them in. Raises
    TeamError or PersonError, and changes nothing, if something is missing.
    """
    _check(config, person, roles, regions)
    known = team.all_roles(session)
    lineage = [] if confirmed else [by, *team.lineage_of(known, by)]
    places = [
        (role, region)
        for role in GIVEN_ROLES
        if role in roles
        for region in (sorted(regions) if role == "chair" else [""])
    ]
    email = email_key(person.email)
    rows = [
        TeamRoleRow(
            0, email, person.name, role, region, by, lineage, now, "",
            None if role in CONFIDENTIAL_ROLES and not confirmed else now, None,
        )
        for role, region in places
    ]  # fmt: skip
    given = [each for each in rows if team.give(session, each) is not None]
    for each in given:
        _audit(session, "team-given", each, by, now)
    expired = [each for each in known if _is_expired(each, rows, now)]
    for each in expired:
        team.invite_again(session, each.id, now)
        _audit(session, "team-invited-again", each, by, now)
    invited = [*(each for each in given if each.invited_at is not None), *expired]
    if invited:
        _email(session, config, "team-invitation", invited, by, now)
    return Invited(
        _roles(invited),
        _roles([each for each in given if each.invited_at is None]),
        _roles([each for each in rows if each not in given and each.role not in _roles(expired)]),
    )


def confirm(session: Session, config: Config, row: TeamRoleRow, by: str, now: datetime) -> None:
    """Confirm a confidential role as the second person, and send the invitation."""
    if row.invited_at is not None:
        return
    team.confirm(session, row.id, by, now)
    _audit(session, "team-confirmed", row, by, now)
    _email(session, config, "team-invitation", [row], row.given_by, now)


def invite_again(
    session: Session, config: Config, row: TeamRoleRow, by: str, now: datetime
) -> None:
    """Send the invitation to a role again. Raises TeamError if it can't be, or was just sent."""
    if row.accepted_at is not None or row.invited_at is None:
        raise TeamError(
            Message("this role is not waiting to be accepted."), todo=Message("Reload the page.")
        )
    if row.role == "chair" and row.region not in config.regions:
        raise TeamError(
            Message("this region is no longer in the configuration."),
            todo=Message("End the role."),
        )
    if now < row.invited_at + MIN_WAIT:
        raise TeamError(
            Message("an invitation was sent less than an hour ago."),
            todo=Message("Ask them to look in their spam folder, or try again later."),
        )
    team.invite_again(session, row.id, now)
    _audit(session, "team-invited-again", row, by, now)
    _email(session, config, "team-invitation", [row], by, now)


def remove(session: Session, config: Config, number: int, by: str, now: datetime) -> TeamRoleRow:
    """Take a role away and tell the person. Returns what it was.

    Someone without any role left is signed out. Raises TeamError if there is no such role, or if
    nobody would be on the committee any more.
    """
    rows = team.lock_all(session)
    row = next((each for each in rows if each.id == number), None)
    if row is None:
        raise TeamError(
            Message("this role is not there any more."), todo=Message("Reload the page.")
        )
    rest = [each for each in rows if each.id != number]
    if row.role == "committee" and not committee_addresses(config, rest):
        raise TeamError(
            Message("nobody would be on the committee any more."),
            todo=Message("Invite someone else first, and wait until they have signed in."),
        )
    team.remove(session, number)
    left = [each for each in rest if each.email == row.email]
    if not left and not configured_roles(config, row.email):
        logins.end_all(session, row.email)
    _audit(session, "team-removed", row, by, now)
    unsent = not left and outbox.delete_unsent(session, "team-invitation", row.email)
    if row.invited_at is not None and not unsent:
        _email(session, config, "team-ended", [row], by, now)
    return row


def accept_roles(session: Session, email: str, now: datetime) -> None:
    """Accept what an address was invited to: someone just proved that it is theirs.

    Other logins of the address end, because they may be someone else's from before the role. Call
    it before the new login starts.
    """
    accepted = team.accept(session, email, now)
    if accepted:
        logins.end_all(session, email)
    for row in accepted:
        _audit(session, "team-accepted", row, row.email, now)


def _is_expired(known: TeamRoleRow, wanted: Collection[TeamRoleRow], now: datetime) -> bool:
    """Whether the invitation to one of these roles has lapsed, so that it is sent again."""
    same = any(
        (known.email, known.role, known.region) == (w.email, w.role, w.region) for w in wanted
    )
    return same and grant_state(known.invited_at, known.accepted_at, now) == "expired"


def _check(
    config: Config, person: PersonRecord, roles: Collection[Role], regions: Collection[str]
) -> None:
    if not set(roles) & set(GIVEN_ROLES):
        raise TeamError(Message("no role was chosen."), todo=Message("Choose at least one."))
    if "chair" in roles and not regions:
        raise TeamError(
            Message("no region was chosen."), todo=Message("Choose the regions of the chair.")
        )
    unknown = sorted(set(regions) - config.regions.keys())
    if unknown:
        raise TeamError(
            Message("there is no region %(region)s.", region=unknown[0]),
            todo=Message("Choose one of: %(known)s.", known=", ".join(config.regions)),
        )
    if "chair" in roles and (chaired := chaired_regions(config, person.email) & set(regions)):
        names = ", ".join(sorted(config.regions[each].name for each in chaired))
        raise TeamError(
            Message(
                "%(email)s is the chair of %(regions)s already, in the configuration.",
                email=person.email, regions=names,
            )
        )  # fmt: skip
    same = configured_roles(config, person.email) & (set(roles) - {"chair"})
    if same:
        role = next(each for each in ROLES if each in same)
        raise TeamError(
            Message(
                "%(email)s has the role %(role)s already, in the configuration.",
                email=person.email, role=ROLES[role].title,
            )
        )  # fmt: skip


def _roles(rows: Collection[TeamRoleRow]) -> Sequence[Role]:
    return list(dict.fromkeys(each.role for each in rows))


def _email(
    session: Session,
    config: Config,
    kind: EmailKind,
    rows: Sequence[TeamRoleRow],
    by: str,
    now: datetime,
) -> None:
    """Queue an email about these roles of one person. `by`: who gave them, or took them away."""
    first = rows[0]
    holders = members.members_with_email(session, first.email)
    language = (holders[0].language if len(holders) == 1 else "") or config.language
    variables: dict[str, object] = {
        "name": first.name,
        "roles": [
            (each.role, config.regions[each.region].name if each.region in config.regions else "")
            for each in rows
        ],
        "by": by,
    }
    if kind == "team-invitation":
        variables |= {
            "link": f"{config.service.url}/signin", "days": INVITATION_LIFETIME.days,
        }  # fmt: skip
        queue_email(
            session, kind, first.email, language, variables, now,
            expires_at=now + INVITATION_LIFETIME,
        )  # fmt: skip
    else:
        queue_email(session, kind, first.email, language, variables, now)


def _audit(session: Session, action: AuditAction, row: TeamRoleRow, by: str, now: datetime) -> None:
    person = find_recipient(session, PersonRecord(row.name, row.email), "committee", now)
    details: Mapping[str, object] = {"email": row.email, "role": row.role, "region": row.region}
    before, after = (details, {}) if action == "team-removed" else ({}, details)
    audit_log.write(session, by, action, None, before, after, now, person_id=person)
