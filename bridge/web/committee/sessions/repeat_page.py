"""`/committee/sessions/<number>/repeat`: a session every month, with the dates shown first."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext, ngettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer
from wtforms import BooleanField, DateField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from bridge.errors import SessionError
from bridge.sessions import live_sessions
from bridge.sessions.feature import office_of
from bridge.sessions.schedule_files.copies import PlannedCopy, plan, repeat_monthly
from bridge.sessions.schedule_files.repeating import Repeat
from bridge.web.common.access import is_own_person, open_to
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.language import visitors_language
from bridge.web.layout.page_form import PageForm
from bridge.web.layout.translation import translate_error

RHYTHMS = [
    SelectChoice("weekday", lazy_gettext("On the same weekday, such as the second Tuesday")),
    SelectChoice("last-weekday", lazy_gettext("On the last such weekday of the month")),
    SelectChoice("day", lazy_gettext("On the same day of the month")),
]


class RepeatForm(PageForm):
    """How a session repeats: so many times, or until a day."""

    rhythm = SelectField(lazy_gettext("Every month"), [InputRequired()], choices=RHYTHMS)
    times = IntegerField(lazy_gettext("How many more sessions"), [Optional()])
    until = DateField(lazy_gettext("Or until"), [Optional()])
    opened = BooleanField(lazy_gettext("Open them for registration"))

    def repeat(self) -> Repeat:
        """Raises SessionError."""
        return Repeat(self.rhythm.data, self.times.data, self.until.data)


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add the page that repeats a session."""

    @pages.route("/<int:number>/repeat", methods=["GET", "POST"], endpoint="repeat")
    @open_to("sessions-change")
    def repeat(number: int) -> Answer | str:
        with services.database.reading() as session:
            live = live_sessions.find(session, number)
            if live is None:
                raise NotFound
        form = RepeatForm()
        planned: list[PlannedCopy] = []
        if form.validate_on_submit():
            try:
                if request.form.get("step") == "create":
                    return _create(services, number, form)
                with services.database.reading() as session:
                    planned = plan(session, number, form.repeat(), services.now())
            except SessionError as error:
                flash(translate_error(error), "danger")
        title = live_sessions.title_of(live, services.curricula, visitors_language(services.config))
        return render_template(
            "web/committee/sessions/repeat.html", form=form, live=live, title=title,
            planned=planned,
        )  # fmt: skip


def _create(services: Services, number: int, form: RepeatForm) -> Answer:
    """Raises SessionError."""
    office = office_of(services.config, services.curricula, current_visitor().email, services.now())
    with services.database.transaction() as session:
        done = repeat_monthly(
            session, office, number, form.repeat(), opened=bool(form.opened.data),
            may_name=lambda store, person: not is_own_person(store, person),
        )  # fmt: skip
    count = sum(bool(each.created) for each in done)
    flash(ngettext("%(num)s new session.", "%(num)s new sessions.", count), "success")
    return redirect(url_for("committee_sessions.index"), 303)
