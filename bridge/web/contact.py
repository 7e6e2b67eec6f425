"""Asking a steward to get in touch: kept, and told to whoever chairs the region."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as Answer
from wtforms import Field, Form, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from bridge.config import Config
from bridge.curriculum.model import Curriculum, Milestone
from bridge.roster import UNPRINTABLE
from bridge.store import contacts, outgoing
from bridge.store.contacts import Asked
from bridge.web.collaborators import Collaborators
from bridge.web.fields import (
    email_field,
    name_field,
    printable,
    region_choices,
    region_field,
    tidied,
)
from bridge.web.language import visitors_language
from bridge.web.paths import find_step, spoken
from bridge.web.region import chosen_region

LONGEST_MESSAGE = 2_000


def several_lines(_form: Form, field: Field) -> None:
    """Raises ValidationError for a character that is not shown, but for line ends and tabs."""
    if any(UNPRINTABLE.search(line.replace("\t", " ")) for line in field.data.splitlines()):
        raise ValidationError(gettext("This has a sign in it that cannot be shown."))


class ContactForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    name = name_field(lazy_gettext("Your name"), "name", 150)
    email = email_field()
    phone = StringField(
        lazy_gettext("Telephone"),
        [Length(max=40, message=lazy_gettext("This is too long.")), printable],
        filters=[tidied],
        render_kw={"autocomplete": "tel", "maxlength": 40, "inputmode": "tel"},
    )
    region = region_field()
    message = TextAreaField(
        lazy_gettext("What is it about?"),
        [
            InputRequired(lazy_gettext("Please write something here.")),
            Length(max=LONGEST_MESSAGE, message=lazy_gettext("This is too long.")),
            several_lines,
        ],
        filters=[lambda value: (value or "").strip()],
        render_kw={"rows": 6, "maxlength": LONGEST_MESSAGE},
    )


def blueprint(house: Collaborators) -> Blueprint:
    """`/contact/<curriculum>/<milestone>`, and the page that thanks."""
    pages = Blueprint("contact", __name__)
    few = house.limiter.limit("5 per minute; 20 per hour", methods=["POST"])

    @pages.route("/contact/<curriculum>/<milestone>", methods=["GET", "POST"])
    @few
    def form(curriculum: str, milestone: str) -> Answer | str:
        path, step = find_step(house, curriculum, milestone)
        asked = ContactForm(request.form, region=chosen_region(house.config)[0])
        asked.region.choices = region_choices(house.config.regions)
        if not asked.validate_on_submit():
            speech = spoken(path, visitors_language(house.config))
            return render_template(
                "web/contact/form.html", form=asked, path=path, step=step, speech=speech,
                regions=house.config.regions,
            )  # fmt: skip
        _keep(house, asked, path, step)
        return redirect(url_for("contact.thanks"), 303)

    @pages.get("/contact/thanks")
    def thanks() -> str:
        return render_template("web/contact/thanks.html")

    return pages


def _keep(house: Collaborators, form: ContactForm, path: Curriculum, step: Milestone) -> None:
    """Write down what is asked, and owe the mail that tells of it."""
    about = f"{path.key}:{step.key}"
    now, region = house.now(), str(form.region.data or "")
    said = {name: str(form[name].data) for name in ("name", "email", "phone", "message")}
    language = visitors_language(house.config)
    known = house.config.regions.get(region)
    payload = {
        **said,
        "about": step.title.pick(house.config.language),
        "region_name": known.name if known else house.config.union.name,
        "reply_to": said["email"],
    }
    because, addresses = _told(house.config, region)
    with house.database.transaction() as session:
        contacts.ask(session, Asked(**said, region=region, about=about, language=language), now)
        for address in addresses:
            words = {**payload, "because": because}
            outgoing.owe(session, "contact", address, house.config.language, words, now)
    house.wake()


def _told(config: Config, region: str) -> tuple[str, Sequence[str]]:
    """Who is told, and as what: the region's chair, else its director, else the committee."""
    known = config.regions.get(region)
    if known and known.chair:
        return "chair", [known.chair.email]
    if known and known.director:
        return "director", [known.director.email]
    return "committee", config.committee
