"""The form that asks a steward to get in touch. The region's training chair gets an email."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from bridge.config import Config
from bridge.curriculum.model import Curriculum, Milestone
from bridge.store.auth import team
from bridge.store.auth.role_holders import chairs_of, committee_addresses
from bridge.store.members import contact_requests
from bridge.store.members.contact_requests import ContactMessage
from bridge.web.common.limits.rate_limits import limit_clients
from bridge.web.common.services import Services
from bridge.web.layout.form_fields import (
    email_field,
    name_field,
    region_choices,
    region_field,
    tidy_text,
)
from bridge.web.layout.language import visitors_language
from bridge.web.layout.page_form import PageForm
from bridge.web.layout.region import chosen_region
from bridge.web.public.lookups import content_language, find_milestone
from bridge.workflows.delivery.email_queue import queue_email

MAX_MESSAGE_LENGTH = 2_000


class ContactForm(PageForm):
    name = name_field(lazy_gettext("Your name"), "name", 150)
    email = email_field()
    phone = StringField(
        lazy_gettext("Telephone"),
        [Length(max=40, message=lazy_gettext("This is too long."))],
        filters=[tidy_text],
        render_kw={"autocomplete": "tel", "maxlength": 40, "inputmode": "tel"},
    )
    region = region_field()
    message = TextAreaField(
        lazy_gettext("What's it about?"),
        [
            InputRequired(lazy_gettext("Fill in this field.")),
            Length(max=MAX_MESSAGE_LENGTH, message=lazy_gettext("This is too long.")),
        ],
        filters=[lambda value: (value or "").strip()],
        render_kw={"rows": 6, "maxlength": MAX_MESSAGE_LENGTH},
    )


def blueprint(services: Services) -> Blueprint:
    """`/contact/<curriculum>/<milestone>`, and `/contact/thanks`."""
    pages = Blueprint("contact", __name__)
    limit = limit_clients(services.limiter, "5 per minute; 20 per hour", methods=["POST"])

    @pages.route("/contact/<curriculum>/<milestone>", methods=["GET", "POST"])
    @limit
    def form(curriculum: str, milestone: str) -> Answer | str:
        path, step = find_milestone(services, curriculum, milestone)
        filled = ContactForm(request.form, region=chosen_region(services.config)[0])
        filled.region.choices = region_choices(services.config.regions)
        if not filled.validate_on_submit():
            speech = content_language(path, visitors_language(services.config))
            return render_template(
                "web/public/contact/form.html", form=filled, path=path, step=step, speech=speech,
                regions=services.config.regions,
            )  # fmt: skip
        _save(services, filled, path, step)
        return redirect(url_for("contact.thanks"), 303)

    @pages.get("/contact/thanks")
    def thanks() -> str:
        return render_template("web/public/contact/thanks.html")

    return pages


def _save(services: Services, form: ContactForm, path: Curriculum, step: Milestone) -> None:
    """Store the request and queue the emails about it."""
    about = f"{path.key}:{step.key}"
    now, region = services.now(), str(form.region.data or "")
    values = {name: str(form[name].data) for name in ("name", "email", "phone", "message")}
    language = visitors_language(services.config)
    known = services.config.regions.get(region)
    payload = {
        **values,
        "about": step.title.pick(services.config.language),
        "region_name": known.name if known else services.config.union.name,
        "reply_to": values["email"],
    }
    with services.database.transaction() as session:
        because, addresses = _recipients(session, services.config, region)
        contact_requests.add_request(
            session, ContactMessage(**values, region=region, about=about, language=language), now
        )
        for address in addresses:
            email = {**payload, "because": because}
            queue_email(session, "contact", address, services.config.language, email, now)
    services.trigger_job()


def _recipients(session: Session, config: Config, region: str) -> tuple[str, Sequence[str]]:
    """Who gets the email and why: the region's chairs, else its director, else the committee."""
    chairs = chairs_of(session, config, region)
    if chairs:
        return "chair", [each.email for each in chairs]
    known = config.regions.get(region)
    if known and known.director:
        return "director", [known.director.email]
    return "committee", committee_addresses(config, team.all_roles(session))
