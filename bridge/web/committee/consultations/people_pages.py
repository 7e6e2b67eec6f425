"""`/committee/consultations/<number>/people`: groups, and who is invited."""

from __future__ import annotations

from typing import Literal, cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge.consultations.answers.results import group_summaries, invited_people
from bridge.consultations.approvals import current_text
from bridge.consultations.invitations import groups, inviting
from bridge.consultations.invitations.inviting import Invited
from bridge.consultations.invitations.pasted_people import Named, UnreadableLine, read_people
from bridge.consultations.office import Office
from bridge.consultations.rules import Channel, Degree
from bridge.errors import ConsultationError
from bridge.store.persons.records import MAX_ID
from bridge.web.committee.consultations.place import attempt, find_row
from bridge.web.common.access import open_to
from bridge.web.common.services import Services
from bridge.web.layout.translation import translate_error

MAX_NAMED = 10
Action = Literal["withdraw", "again"]


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add the page with its forms."""
    _add_groups(pages, services)
    _add_people(pages, services)


def _add_groups(pages: Blueprint, services: Services) -> None:
    @pages.post("/<int:number>/groups")
    @open_to("consultations-change")
    def add_group(number: int) -> Answer | str:
        typed = {name: request.form.get(name, "") for name in ("name", "degree", "channel",
                                                               "meeting")}  # fmt: skip
        done = attempt(services, number, lambda session, office: groups.add_group(
            session, office, number, typed["name"], cast(Degree, typed["degree"]),
            cast(Channel, typed["channel"]), typed["meeting"],
        ))  # fmt: skip
        if done is None:
            return _page(services, number, group=typed)
        flash(gettext("The group is added."), "success")
        return redirect(_address(number), 303)

    @pages.post("/<int:number>/groups/<int:group>/remove")
    @open_to("consultations-change")
    def remove_group(number: int, group: int) -> Answer:
        reason = request.form.get("reason", "")
        removed = attempt(services, number, lambda session, office: groups.remove_group(
            session, office, number, group, reason
        ))  # fmt: skip
        if removed is not None:
            told = (
                gettext("The group is removed.")
                if removed
                else gettext(
                    "The group no longer decides. It stays because people have answered in it."
                )
            )
            flash(told, "success")
        return redirect(_address(number), 303)


def _add_people(pages: Blueprint, services: Services) -> None:
    @pages.get("/<int:number>/people")
    @open_to("consultations")
    def people(number: int) -> str:
        return _page(services, number)

    @pages.post("/<int:number>/people")
    @open_to("consultations-change")
    def invite(number: int) -> Answer | str:
        pasted = request.form.get("people", "")
        group = request.form.get("group", "")
        try:
            named, unreadable = read_people(pasted)
        except ConsultationError as error:
            flash(translate_error(error), "danger")
            return _page(services, number, pasted=pasted, chosen=group)
        if unreadable or not named or request.form.get("do") != "invite":
            return _page(services, number, pasted, group, named, unreadable, previewed=True)
        invited = attempt(services, number, lambda session, office: inviting.invite(
            session, office, number, _number(group), named
        ))  # fmt: skip
        if invited is None:
            return _page(services, number, pasted, group)
        flash(_told(invited), "success")
        return redirect(_address(number), 303)

    @pages.post("/<int:number>/people/<int:invitation>/<any(withdraw, again):action>")
    @open_to("consultations-change")
    def change_invitation(number: int, invitation: int, action: Action) -> Answer:
        def act(session: Session, office: Office) -> str:
            if action == "withdraw":
                inviting.withdraw(session, office, number, invitation)
                return str(gettext("The invitation is withdrawn. Its link shows nothing any more."))
            inviting.send_again(session, office, number, invitation)
            return str(gettext("The link is sent again."))

        told = attempt(services, number, act)
        if told:
            flash(told, "success")
        return redirect(_address(number), 303)


def _told(invited: Invited) -> str:
    new, known = len(invited.new), len(invited.known)
    told = [str(ngettext("%(num)s person is invited.", "%(num)s people are invited.", new))]
    if known:
        told.append(str(ngettext("%(num)s person was invited already.",
                                 "%(num)s people were invited already.", known)))  # fmt: skip
    if invited.elsewhere:
        names = ", ".join(f"{email} ({group})" for email, group in invited.elsewhere[:MAX_NAMED])
        more = len(invited.elsewhere) - MAX_NAMED
        told.append(str(gettext(
            "They stay in another group: %(names)s. To move someone, withdraw the invitation and "
            "invite them again.", names=names if more <= 0 else f"{names}, … (+{more})",
        )))  # fmt: skip
    return " ".join(told)


def _number(typed: str) -> int:
    """Raises NotFound."""
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 19 and int(typed) <= MAX_ID):
        raise NotFound
    return int(typed)


def _page(
    services: Services,
    number: int,
    pasted: str = "",
    chosen: str = "",
    named: list[Named] | None = None,
    unreadable: list[UnreadableLine] | None = None,
    group: dict[str, str] | None = None,
    *,
    previewed: bool = False,
) -> str:
    """`group`: what was typed for a new one. `pasted`, `chosen`: for the people to invite."""
    with services.database.reading() as session:
        row = find_row(session, number)
        text = current_text(services.curricula, row)
        summaries = group_summaries(session, number, text)
        people = invited_people(session, number)
    known = {each.email.lower() for each in people if each.invitation.state == "invited"}
    return render_template(
        "web/committee/consultations/people.html", row=row, groups=summaries, people=people,
        text=text, pasted=pasted, chosen=chosen, typed=group or {}, previewed=previewed,
        new=[each for each in named or () if each.email.lower() not in known],
        known=[each for each in named or () if each.email.lower() in known],
        unreadable=unreadable or [],
    )  # fmt: skip


def _address(number: int) -> str:
    return url_for("committee_consultations.people", number=number)
