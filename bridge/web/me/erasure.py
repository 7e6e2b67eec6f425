"""Delete all data about a member at their request."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask import session as forms
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from bridge import privacy
from bridge.errors import MemberError, RoleHeld
from bridge.store.auth import email_change
from bridge.store.members import profile
from bridge.web.common.access import for_members
from bridge.web.common.cookies import delete_cookie
from bridge.web.common.limits.rate_limits import limit_clients
from bridge.web.common.services import Services
from bridge.web.common.visitor import COOKIE, current_visitor
from bridge.web.layout.translation import translate_error
from bridge.web.me.forms import EraseForm


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add `/me/data/erase`."""

    @pages.route("/me/data/erase", methods=["GET", "POST"])
    @limit_clients(services.limiter, "10 per minute; 30 per hour", methods=["POST"])
    @for_members
    def erase() -> Answer:
        form = EraseForm()
        if not form.validate_on_submit():
            return make_response(render_template("web/me/erase.html", form=form))
        try:
            left = _erase(services, current_visitor().member_id or 0)
        except RoleHeld as error:
            flash(translate_error(error), "danger")
            return redirect(url_for("me.data"), 303)
        services.database.empty_log()
        services.trigger_job("files")
        forms.clear()
        flash(gettext("Your data is deleted. Thank you, and good luck!"),
              "success")  # fmt: skip
        if left:
            flash(gettext(
                "What came from another address than yours, or from one that you share, is kept. "
                "Contact us to have it deleted too."
            ), "info")  # fmt: skip
        answer = redirect(url_for("public.home"), 303)
        delete_cookie(answer, COOKIE)
        return answer


def _erase(services: Services, member_id: int) -> int | None:
    """Delete the member; return the ID of a person who stays, None if there is none.

    Does nothing if another browser has just done it. Raises RoleHeld.
    """
    actor = profile.audit_actor(member_id)
    try:
        with services.database.transaction() as session:
            email_change.cancel(session, member_id)
            return privacy.erase_member(
                session, member_id, actor, services.now(), services.features
            )
    except RoleHeld:
        raise
    except MemberError:
        return None
