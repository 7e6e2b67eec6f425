"""Sign up with the public form and confirm the email address with a link.

The pages look the same for every email address, so they don't reveal who is a member. People who
are members already get an email that says so. The form never changes a member's record.
"""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as Answer
from wtforms import BooleanField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from bridge.store.members import pending_signups
from bridge.store.members.pending_signups import PendingSignupData
from bridge.web.common.limits.rate_limits import limit_clients
from bridge.web.common.services import Limit, Services
from bridge.web.layout.form_fields import (
    first_name_field,
    last_name_field,
    member_email_field,
    region_choices,
    region_field,
    require_number,
    tidy_text,
)
from bridge.web.layout.language import LANGUAGES, visitors_language
from bridge.web.layout.page_form import PageForm
from bridge.web.layout.region import chosen_region
from bridge.web.signup import confirmation


class SignupForm(PageForm):
    first_name = first_name_field()
    last_name = last_name_field()
    email = member_email_field()
    region = region_field()
    language = SelectField(
        lazy_gettext("Language"),
        [InputRequired()],
        choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()],
    )
    number = StringField(
        lazy_gettext("Member number"),
        [Length(max=100, message=lazy_gettext("This is too long.")), require_number],
        filters=[tidy_text],
        render_kw={"maxlength": 100},
    )
    consent = BooleanField(
        lazy_gettext(
            "My union may store these details, enrol me in its courses and email me about them."
            " I can see my data, and delete it, at any time."
        ),
        [InputRequired(lazy_gettext("We need your consent to sign you up."))],
    )

    def signup_data(self) -> PendingSignupData:
        """The form's values and the consent text that the person agreed to."""
        names = ("email", "first_name", "last_name", "number", "region", "language")
        values = {name: str(self[name].data or "") for name in names}
        return PendingSignupData(**values, consent=str(self.consent.label.text))


def blueprint(services: Services) -> Blueprint:
    """`/signup`, `/signup/sent`, `/signup/<token>` and `/signup/done`."""
    pages = Blueprint("signup", __name__)
    limit = limit_clients(services.limiter, "10 per minute; 30 per hour", methods=["POST"])
    _add_form(pages, services, limit)
    _add_confirmation(pages, services, limit)
    return pages


def _add_form(pages: Blueprint, services: Services, limit: Limit) -> None:
    @pages.route("/signup", methods=["GET", "POST"])
    @limit
    def form() -> Answer:
        region, language = chosen_region(services.config)[0], visitors_language(services.config)
        filled = SignupForm(request.form, region=region, language=language)
        filled.region.choices = region_choices(services.config.regions)
        if not filled.validate_on_submit():
            regions = services.config.regions
            return make_response(
                render_template("web/signup/form.html", form=filled, regions=regions)
            )
        confirmation.request_signup(services, filled.signup_data())
        return redirect(url_for("signup.sent"), 303)

    @pages.get("/signup/sent")
    def sent() -> str:
        return render_template("web/signup/sent.html")


def _add_confirmation(pages: Blueprint, services: Services, limit: Limit) -> None:
    @pages.get("/signup/done")
    def done() -> str:
        return render_template("web/signup/done.html", path=next(iter(services.curricula), None))

    @pages.get("/signup/<token>")
    def confirm(token: str) -> Response:
        with services.database.reading() as session:
            found = pending_signups.find_pending_signup(session, token, services.now())
        # Opening the link confirms nothing, because email scanners open links too. The button does.
        page = render_template("web/signup/confirm.html" if found else "web/signup/expired.html")
        return make_response(page, 200 if found else 410)

    @pages.post("/signup/<token>")
    @limit
    def complete(token: str) -> Answer:
        if not confirmation.confirm_signup(services, token):
            return make_response(render_template("web/signup/expired.html"), 410)
        return redirect(url_for("signup.done"), 303)
