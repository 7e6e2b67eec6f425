"""`/me/data`: a member's data, to read, download and edit."""

from __future__ import annotations

import json

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge import privacy
from bridge.errors import MemberError
from bridge.store.auth import email_change
from bridge.store.members import profile
from bridge.store.members.matching import email_key
from bridge.store.persons import mailings
from bridge.store.persons.proof import follow_members
from bridge.web.common.access import for_members
from bridge.web.common.cookies import set_cookie
from bridge.web.common.limits.rate_limits import limit_clients
from bridge.web.common.services import Services, current_services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout import language as speech
from bridge.web.layout.form_fields import region_choices
from bridge.web.layout.formatting import role_name
from bridge.web.layout.mailing_labels import mailing_texts
from bridge.web.me import email_change as email_change_pages
from bridge.web.me import labels
from bridge.web.me.data_summary import PersonalData, read_personal_data
from bridge.web.me.forms import DetailsForm


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add `/me/data`, `/me/data/download` and `/me/data/edit`."""
    _add_data_pages(pages, services)
    _add_edit_form(pages, services)


def _add_data_pages(pages: Blueprint, services: Services) -> None:
    @pages.get("/me/data")
    @for_members
    def data() -> str:
        with services.database.reading() as session:
            held = _read_data(session)
            waiting = email_change.pending_email(session, me(), services.now())
            subscriptions = mailings.subscriptions_of_member(session, me())
        curricula = {each.key: each for each in services.curricula}
        language = speech.visitors_language(services.config)
        regions = services.config.regions
        return render_template(
            "web/me/personal-data.html",
            held=held,
            waiting=waiting,
            subscriptions=subscriptions,
            mailing_texts=mailing_texts,
            curricula=curricula,
            regions=regions,
            words=labels,
            role=role_name,
            facts=labels.membership_facts(held.person),
            signoffs=labels.signoff_labels(services.curricula, language),
        )

    @pages.get("/me/data/download")
    @for_members
    def download() -> Response:
        with services.database.reading() as session:
            everything = _export(session)
        answer = make_response(json.dumps(everything, indent=2, ensure_ascii=False))
        answer.mimetype = "application/json"
        answer.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
        return answer


def _add_edit_form(pages: Blueprint, services: Services) -> None:
    @pages.route("/me/data/edit", methods=["GET", "POST"])
    @limit_clients(services.limiter, "10 per minute; 60 per hour", methods=["POST"])
    @for_members
    def edit() -> Answer:
        with services.database.reading() as session:
            person = _read_data(session).person
        form = DetailsForm(data=person)
        form.offer_languages(str(person["language"]))
        form.region.choices = region_choices(services.config.regions)
        if not form.validate_on_submit():
            return make_response(render_template("web/me/edit-details.html", form=form))
        return _save_details(services, form, str(person["email"]))


def me() -> int:
    """The signed-in member's id. The pages are for members only, so there is one."""
    return current_visitor().member_id or 0


def _read_data(session: Session) -> PersonalData:
    return read_personal_data(_export(session))


def _export(session: Session) -> dict[str, object]:
    try:
        return privacy.export_member(session, me(), current_services().features)
    except MemberError:
        raise NotFound from None


def _save_details(services: Services, form: DetailsForm, email: str) -> Answer:
    with services.database.transaction() as session:
        changed = profile.update_details(session, me(), form.details(), services.now())
        follow_members(session, [me()], services.now())
    if changed:
        flash(gettext("Your details are saved."), "success")
    answer = redirect(url_for("me.data"), 303)
    wanted = str(form.email.data)
    if email_key(wanted) != email_key(email):
        email_change_pages.request_email_change(services, me(), wanted, form.details())
        answer = redirect(url_for("me.email_sent"), 303)
    set_cookie(answer, speech.COOKIE, str(form.language.data), speech.YEAR)
    return answer
