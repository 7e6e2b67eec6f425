"""`…/erase`: delete everything about a member who asked for it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from bridge import privacy
from bridge.errors import MemberError
from bridge.store.auth import email_change
from bridge.web.committee.members.changes.editors import confidential_rights_of_visitor
from bridge.web.committee.members.changes.forms import EraseForm
from bridge.web.committee.members.visible import find_visible
from bridge.web.common.access import open_to
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.translation import translate_error


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add the page."""

    @pages.route("/<int:member>/erase", methods=["GET", "POST"])
    @open_to("members-change")
    def erase(member: int) -> Answer | str:
        with services.database.reading() as session:
            found = find_visible(session, member)
        form = EraseForm()
        if not form.validate_on_submit():
            return render_template("web/committee/members/erase.html", member=found, form=form)
        try:
            left = _erase(services, member)
        except MemberError as error:
            flash(translate_error({**error.as_data(), "where": "", "todo": ""}), "danger")
            flash(gettext("A committee member who may read it can erase them, or they erase their "
                          "data themselves, on their page My account."), "info")  # fmt: skip
            return render_template("web/committee/members/erase.html", member=found, form=form)
        services.database.empty_log()
        services.trigger_job("files")
        flash(gettext("The member was erased."), "success")
        _say_what_stays(found.moodle_user_id, left)
        return redirect(url_for("members.index"), 303)


def _erase(services: Services, member: int) -> int | None:
    """Erase the member; return the ID of a person who stays. Raises MemberError."""
    actor, rights = current_visitor().email, confidential_rights_of_visitor()
    with services.database.transaction() as session:
        email_change.cancel(session, member)
        return privacy.erase_member(
            session, member, actor, services.now(), services.features, rights
        )


def _say_what_stays(account: int | None, left: int | None) -> None:
    if account:
        flash(gettext("User %(id)s still exists in Moodle. Have it deleted there too, if the "
                      "member wants that.", id=account), "info")  # fmt: skip
    if left:
        flash(gettext("An entry among the people stays (ID %(id)s): it may be someone else's. If "
                      "it isn't, erase it too.", id=left), "info")  # fmt: skip
