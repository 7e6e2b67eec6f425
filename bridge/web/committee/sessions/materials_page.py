"""`/committee/sessions/<session>/materials`: the leaders change what they give out."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length

from bridge.errors import SessionError
from bridge.sessions import live_sessions
from bridge.sessions.leaders import change_materials
from bridge.sessions.rules import MAX_LENGTHS
from bridge.web.common.access import open_to
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.language import visitors_language
from bridge.web.layout.page_form import PageForm
from bridge.web.layout.translation import translate_error


class MaterialsForm(PageForm):
    version = HiddenField()
    materials = TextAreaField(
        lazy_gettext("Materials"), [Length(max=MAX_LENGTHS["materials"])], render_kw={"rows": 12}
    )


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add `…/materials`."""

    @pages.route("/<int:session>/materials", methods=["GET", "POST"], endpoint="materials")
    @open_to("session-materials", subject="session")
    def materials(session: int) -> Answer | str:
        with services.database.reading() as store:
            live = live_sessions.find(store, session)
        if live is None:
            raise NotFound
        shown = {"materials": live.materials, "version": live.version}
        form = MaterialsForm(data=shown if request.method == "GET" else None)
        if form.validate_on_submit():
            try:
                _save(services, session, form)
                return redirect(url_for("committee_sessions.roster", session=session), 303)
            except SessionError as error:
                flash(translate_error(error), "danger")
        title = live_sessions.title_of(live, services.curricula, visitors_language(services.config))
        return render_template(
            "web/committee/sessions/materials.html", live=live, title=title, form=form
        )


def _save(services: Services, number: int, form: MaterialsForm) -> None:
    """Raises SessionError."""
    text, version = str(form.materials.data or ""), str(form.version.data or "")
    with services.database.transaction() as session:
        change_materials(
            session, current_visitor().email, number, text,
            int(version) if version.isdecimal() else 0, services.now(),
        )  # fmt: skip
    flash(gettext("Saved."), "success")
