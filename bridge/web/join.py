"""Signing up through the public form: the e-mail is confirmed first, by a link.

Answers are the same for everybody, so that nobody learns who is a member. Who is one already is
told so by mail, and nothing that is known of a member is changed from here.
"""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as Answer
from wtforms import BooleanField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from bridge.store import joins
from bridge.store.joins import Joining
from bridge.web import joining
from bridge.web.collaborators import Collaborators, Limit
from bridge.web.fields import (
    email_field,
    name_field,
    printable,
    region_choices,
    region_field,
    tidied,
)
from bridge.web.language import LANGUAGES, visitors_language
from bridge.web.region import chosen_region


class JoinForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    first_name = name_field(lazy_gettext("First name"), "given-name")
    last_name = name_field(lazy_gettext("Last name"), "family-name")
    email = email_field()
    region = region_field()
    language = SelectField(
        lazy_gettext("Language"),
        [InputRequired()],
        choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()],
    )
    number = StringField(
        lazy_gettext("Member number"),
        [Length(max=100, message=lazy_gettext("This is too long.")), printable],
        filters=[tidied],
        render_kw={"maxlength": 100},
    )
    consent = BooleanField(
        lazy_gettext(
            "My union may keep what I wrote here, enrol me in its education path and write to me"
            " about it. I can see it all, and leave, at any time."
        ),
        [InputRequired(lazy_gettext("Without this we may not sign you up."))],
    )

    def joining(self) -> Joining:
        """What they filled in, with the sentence they agreed to."""
        names = ("email", "first_name", "last_name", "number", "region", "language")
        said = {name: str(self[name].data or "") for name in names}
        return Joining(**said, consent=str(self.consent.label.text))


def blueprint(house: Collaborators) -> Blueprint:
    """`/join`, `/join/sent`, `/join/<token>` and `/join/done`."""
    pages = Blueprint("join", __name__)
    few = house.limiter.limit("10 per minute; 30 per hour", methods=["POST"])
    _asking(pages, house, few)
    _confirming(pages, house, few)
    return pages


def _asking(pages: Blueprint, house: Collaborators, few: Limit) -> None:
    @pages.route("/join", methods=["GET", "POST"])
    @few
    def form() -> Answer:
        region, language = chosen_region(house.config)[0], visitors_language(house.config)
        asked = JoinForm(request.form, region=region, language=language)
        asked.region.choices = region_choices(house.config.regions)
        if not asked.validate_on_submit():
            regions = house.config.regions
            return make_response(render_template("web/join/form.html", form=asked, regions=regions))
        joining.ask(house, asked.joining())
        return redirect(url_for("join.sent"), 303)

    @pages.get("/join/sent")
    def sent() -> str:
        return render_template("web/join/sent.html")


def _confirming(pages: Blueprint, house: Collaborators, few: Limit) -> None:
    @pages.get("/join/done")
    def done() -> str:
        return render_template("web/join/done.html", path=next(iter(house.curricula), None))

    @pages.get("/join/<token>")
    def confirm(token: str) -> Response:
        with house.database.reading() as session:
            found = joins.find_join(session, token, house.now())
        # A scanner that opens the mail confirms nothing: that takes the button.
        page = render_template("web/join/confirm.html" if found else "web/join/stale.html")
        return make_response(page, 200 if found else 410)

    @pages.post("/join/<token>")
    @few
    def enter(token: str) -> Answer:
        if not joining.enter(house, token):
            return make_response(render_template("web/join/stale.html"), 410)
        return redirect(url_for("join.done"), 303)
