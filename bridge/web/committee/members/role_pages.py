"""Giving a member a role, and changing or deleting one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from functools import partial

from flask import Blueprint, flash, render_template, request
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge.errors import MemberError
from bridge.membership.roles import HeldRole, roles_problem
from bridge.store.members import roles
from bridge.store.members.role_changes import PAGE, StoredRole
from bridge.web.committee.members.forms import CorrectRoleForm, RoleForm
from bridge.web.committee.members.member_page import (
    flash_and_redirect,
    member_page,
)
from bridge.web.committee.members.role_view import role_form, role_labels, unknown_role_warning
from bridge.web.committee.members.visible import find_visible
from bridge.web.committee.members.withdrawals import milestone_title_of
from bridge.web.common.access import open_to
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.formatting import role_name
from bridge.web.lists.filter_fields import MAX_ID
from bridge.workflows.awards import assess
from bridge.workflows.corrections.decisions import settle
from bridge.workflows.corrections.roles import awards_lacking_role
from bridge.workflows.corrections.roles import correct_role as correct_role_and_awards

Write = Callable[..., bool]
"""Gives or corrects a role: takes a session, and `actor`, `now` and `reason`."""


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add the routes at and below `/committee/members/<id>/role`."""

    @pages.post("/<int:member>/role")
    @open_to("members-change")
    def role(member: int) -> Answer | str:
        _require_member(services, member)
        form = role_form(services, RoleForm())
        if not form.validate_on_submit():
            return member_page(services, member, role=form)
        given = replace(form.role_given, since=form.since.data or services.now().date())
        give = partial(roles.give_role, member_id=member, role=given)
        answer = _save(services, member, form, given, give)
        return answer or member_page(services, member, role=form)

    @pages.route("/<int:member>/role/<int:held>", methods=["GET", "POST"])
    @open_to("members-change")
    def correct_role(member: int, held: int) -> Answer | str:
        found = _find_role(services, member, held)
        form = role_form(services, CorrectRoleForm(data=_shown(found.held)))
        after = None if "delete" in request.form else form.role_given
        depending = _depending(services, member, held, after) if request.method == "POST" else ()
        form.ask_about_milestones(asks=bool(depending))
        if form.validate_on_submit() and (answer := _correct(services, member, held, form, after)):
            return answer
        return render_template(
            "web/committee/role.html",
            form=form, member=member, from_system=found.source != PAGE, depending=depending,
            known_roles=role_labels(form), today=services.now().date(),
        )  # fmt: skip


def _depending(services: Services, member: int, held: int, after: HeldRole | None) -> Sequence[str]:
    """The titles of the milestones that would lack the role."""
    with services.database.reading() as session:
        lacking = awards_lacking_role(session, member, held, after, services.now())
    return [milestone_title_of(services, award) for award, _ in lacking]


def _correct(
    services: Services, member: int, held: int, form: CorrectRoleForm, after: HeldRole | None
) -> Answer | None:
    """Change or delete the role; None if it isn't valid."""

    def correct(session: Session, *, actor: str, now: datetime, reason: str) -> bool:
        correction = replace(form.correction(actor, now), reason=reason)
        return correct_role_and_awards(session, services.curricula, member, held, after, correction)

    return _save(services, member, form, after, correct)


def _require_member(services: Services, member: int) -> None:
    """Raises NotFound if there is no such member or the visitor may not see them."""
    with services.database.reading() as session:
        find_visible(session, member)


def _find_role(services: Services, member: int, role: int) -> StoredRole:
    """The role of a member. Raises NotFound."""
    with services.database.reading() as session:
        find_visible(session, member)
        stored = roles.roles_of(session, [member]).get(member, []) if role <= MAX_ID else []
    found = next((each for each in stored if each.id == role), None)
    if found is None:
        raise NotFound
    return found


def _shown(held: HeldRole) -> dict[str, object]:
    """The role's values for the form, with the role as the visitor sees it."""
    return asdict(held) | {"role": role_name(held.role)}


def _save(
    services: Services, member: int, form: RoleForm, after: HeldRole | None, write: Write
) -> Answer | None:
    """Write the role and the milestones it earns, in one transaction; None if it isn't valid.

    `after`: the role as it will be, None if it is deleted.
    """
    if after and roles_problem([after]):
        form.until.errors = [gettext("The last day is before the first day.")]
        return None
    actor, now, reason = current_visitor().email, services.now(), form.reason.data or ""
    try:
        with services.database.transaction() as session:
            changed = write(session, actor=actor, now=now, reason=reason)
            earned = assess(session, services.curricula, [member], now)
            settle(session, services.curricula, [member], actor, now)
    except MemberError:
        form.role.errors = [
            gettext("The member has this role at that time already. Change that entry instead, "
                    "or choose other dates.")
        ]  # fmt: skip
        return None
    if after and changed and (warning := unknown_role_warning(after.role, form.known)):
        flash(warning, "warning")
    message = gettext("The roles were changed.") if changed else gettext("No change.")
    return flash_and_redirect(services, member, message, earned)
