"""`/forms/<curriculum>/<form>/link`: asks for a personal link to a form that is for everyone.

The pages look the same for every email address, so they don't reveal who is known.
"""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from bridge.foundations.forms.links import LINK_PURPOSE, link_request
from bridge.store.delivery.email_keys import EmailKey
from bridge.store.members.queries import members_with_email
from bridge.store.persons import personal_links, records
from bridge.store.persons.records import PersonRecord
from bridge.web.common.services import Services
from bridge.web.forms.lookups import FoundForm, find_form_for_everyone, find_open_form_for_everyone
from bridge.web.layout.form_fields import email_field, name_field
from bridge.web.layout.language import visitors_language
from bridge.web.layout.page_form import PageForm
from bridge.workflows.delivery.email_queue import queue_email_to_person
from bridge.workflows.personal_links import send_link

LINK_LIFETIME = timedelta(days=30)
MAX_LINKS_PER_HOUR = 3
"""To one person, for all forms together."""


class LinkForm(PageForm):
    name = name_field(lazy_gettext("Your name"), "name", 150)
    email = email_field()


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add `/forms/<curriculum>/<form>/link` and `…/link/sent`."""
    limit = services.limiter.limit("5 per minute; 20 per hour", methods=["POST"])

    @pages.route("/forms/<curriculum>/<form>/link", methods=["GET", "POST"])
    @limit
    def ask_for_link(curriculum: str, form: str) -> Answer | str:
        with services.database.reading() as session:
            found = find_open_form_for_everyone(services, session, curriculum, form)
        filled = LinkForm(request.form)
        if not filled.validate_on_submit():
            return render_template("web/forms/ask-for-link.html", form=filled, found=found)
        record = PersonRecord(
            str(filled.name.data), str(filled.email.data), visitors_language(services.config)
        )
        _send(services, found, record)
        return redirect(url_for("forms.link_sent", curriculum=curriculum, form=form), 303)

    @pages.get("/forms/<curriculum>/<form>/link/sent")
    def link_sent(curriculum: str, form: str) -> str:
        found = find_form_for_everyone(services, curriculum, form)
        return render_template("web/forms/link-sent.html", found=found, days=LINK_LIFETIME.days)


def _send(services: Services, found: FoundForm, record: PersonRecord) -> None:
    """Queue the email: a link or, for a member, the address where they sign in.

    Both, if the committee says that the address is also someone else's.
    """
    with services.database.transaction() as session:
        members = members_with_email(session, record.email)
        if len(members) == 1:
            _tell_member(services, session, found, members[0].id)
        if len(members) != 1 or records.is_kept_apart(session, record.email):
            _send_link(services, session, found, record)
    services.trigger_job()


def _send_link(
    services: Services, session: Session, found: FoundForm, record: PersonRecord
) -> None:
    now = services.now()
    person_id = records.find_or_add(session, record, now).id
    person = records.lock(session, person_id)
    hour_ago = now - timedelta(hours=1)
    sent = personal_links.recent_count(session, person_id, LINK_PURPOSE, hour_ago)
    if sent >= MAX_LINKS_PER_HOUR:
        return
    title = found.form.title.pick(person.language or services.config.language)
    variables = {"name": records.greeting(person), "title": title, "days": LINK_LIFETIME.days}
    wanted = link_request(person_id, found.name, LINK_LIFETIME, found.needs)
    send_link(session, services.config, wanted, "form-link", variables, now)


def _tell_member(services: Services, session: Session, found: FoundForm, member_id: int) -> None:
    """Tell a member to sign in, at most once an hour: they have their own page."""
    now = services.now()
    person_id = records.person_of_member(session, member_id, now)
    person = records.lock(session, person_id)
    address = url_for("forms.fill_in", curriculum=found.curriculum.key, form=found.form.key)
    title = found.form.title.pick(person.language or services.config.language)
    hour = int(now.timestamp()) // 3600
    queue_email_to_person(
        session, "form-member", EmailKey(person_id, f"form-member:{found.name}", hour),
        services.config.language,
        {"name": person.name, "title": title, "link": services.config.service.url + address},
        now, needs=found.needs,
    )  # fmt: skip
