"""Leaving: everything held about a member is deleted."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask import session as forms
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from bridge.errors import MemberError
from bridge.store import address_change, own_details, privacy
from bridge.web.collaborators import Collaborators
from bridge.web.identity import COOKIE, for_members, visitor
from bridge.web.me.forms import LeaveForm


def furnish(pages: Blueprint, house: Collaborators) -> None:
    """Add `/me/data/leave`."""

    @pages.route("/me/data/leave", methods=["GET", "POST"])
    @house.limiter.limit("10 per minute; 30 per hour", methods=["POST"])
    @for_members
    def leave() -> Answer:
        form = LeaveForm()
        if not form.validate_on_submit():
            return make_response(render_template("web/me/leave.html", form=form))
        _forget(house, visitor().member_id or 0)
        forms.clear()
        flash(gettext("Everything held about you here is deleted. Thank you, and good luck."),
              "success")  # fmt: skip
        answer = redirect(url_for("public.home"), 303)
        answer.delete_cookie(COOKIE)
        return answer


def _forget(house: Collaborators, member_id: int) -> None:
    """Whoever was forgotten already, from another browser, has left too."""
    who = own_details.who(member_id)
    try:
        with house.database.transaction() as session:
            address_change.drop(session, member_id)
            privacy.forget_member(session, member_id, who, house.now())
    except MemberError:
        return
