"""Sign up with the public form, and confirm the email address with a link or a code.

The pages look the same for every email address, so they don't reveal who is a member. People who
are members already get an email that signs them in. The form never changes a member's record.
"""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from typing import assert_never

from flask import (
    Blueprint,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as forms
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as Answer
from wtforms import BooleanField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Regexp

from bridge.store.auth.logins import MAX_LIFETIME
from bridge.store.members.pending_signups import (
    CODE_LIFETIME,
    FoundSignup,
    PendingSignupData,
    RefusedCode,
)
from bridge.web.common.cookies import delete_cookie, set_cookie
from bridge.web.common.limits.rate_limits import limit_clients
from bridge.web.common.services import Limit, Services
from bridge.web.common.visitor import COOKIE, current_visitor
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
from bridge.web.signup.confirmation import BROWSER


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


class CodeForm(PageForm):
    """`email`: if several people have signed up in this browser, whose code it is."""

    email = StringField(
        lazy_gettext("Your email address"),
        [Length(max=254)],
        filters=[tidy_text],
        render_kw={"type": "email", "autocomplete": "off", "maxlength": 254},
    )
    code = StringField(
        lazy_gettext("Code from the email"),
        [
            InputRequired(lazy_gettext("Enter the six digits from the email.")),
            Regexp("^[0-9]{6}$", message=lazy_gettext("Enter the six digits from the email.")),
        ],
        filters=[lambda value: re.sub(r"[\s-]", "", value or "")],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 20},
    )


def blueprint(services: Services) -> Blueprint:
    """`/signup`, `/signup/sent`, `/signup/<token>` and `/signup/done`."""
    pages = Blueprint("signup", __name__)
    limit = limit_clients(services.limiter, "10 per minute; 30 per hour", methods=["POST"])
    _add_form(pages, services, limit)
    _add_code(pages, services, limit)
    _add_link(pages, services, limit)
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
        browser = secrets.token_urlsafe(32)
        confirmation.request_signup(services, filled.signup_data(), browser)
        answer = redirect(url_for("signup.sent"), 303)
        set_cookie(answer, BROWSER, confirmation.with_signup(browser), CODE_LIFETIME)
        return answer


def _add_code(pages: Blueprint, services: Services, limit: Limit) -> None:
    @pages.route("/signup/sent", methods=["GET", "POST"])
    @limit
    def sent() -> Answer:
        typed, login = CodeForm(request.form), secrets.token_urlsafe(32)
        if typed.validate_on_submit():
            browser = confirmation.signup_of(services, str(typed.email.data or ""))
            confirmed = confirmation.confirm_with_code(services, browser, typed.code.data, login)
            if confirmed == "signed-in":
                return _signed_in(login, browser)
            if confirmed == "signed-up" or confirmed.reason == "used":
                return redirect(url_for("signup.done"), 303)
            typed.code.errors = [_refusal(confirmed)]
        minutes = CODE_LIFETIME // timedelta(minutes=1)
        several = len(confirmation.signups_here()) > 1
        page = render_template("web/signup/sent.html", form=typed, minutes=minutes, several=several)
        return make_response(page)

    @pages.get("/signup/done")
    def done() -> Answer:
        if current_visitor().member_id is not None:
            return redirect(url_for("me.progress"), 303)
        return make_response(render_template("web/signup/done.html"))


def _add_link(pages: Blueprint, services: Services, limit: Limit) -> None:
    @pages.get("/signup/<token>")
    def confirm(token: str) -> Answer:
        found = confirmation.find(services, token)
        if found is None:
            return make_response(render_template("web/signup/expired.html"), 410)
        if found.confirmed or confirmation.is_elsewhere(services, found):
            return _already(found)
        # Opening the link confirms nothing, because email scanners open links too. The button does.
        page = render_template("web/signup/confirm.html", email=found.data.email)
        return make_response(page)

    @pages.post("/signup/<token>")
    @limit
    def complete(token: str) -> Answer:
        found, login = confirmation.find(services, token), secrets.token_urlsafe(32)
        if found and (found.confirmed or confirmation.is_elsewhere(services, found)):
            return _already(found)
        confirmed = confirmation.confirm_with_link(services, token, login)
        if confirmed is None:
            return make_response(render_template("web/signup/expired.html"), 410)
        if confirmed == "signed-in":
            return _signed_in(login, found.browser if found else "")
        return redirect(url_for("signup.done"), 303)


def _already(found: FoundSignup) -> Answer:
    """For a link that can do nothing here: whose it is may be signed in already."""
    if current_visitor().email == found.data.email:
        return redirect(url_for("signup.done"), 303)
    return make_response(render_template("web/signup/elsewhere.html"), 409)


def _signed_in(login: str, browser: str) -> Answer:
    """Go to the member's page with the new login. `browser`: the cookie of the sign-up."""
    forms.clear()
    flash(gettext("Welcome! You're signed up, and signed in."), "success")
    answer = redirect(url_for("signin.done"), 303)
    set_cookie(answer, COOKIE, login, MAX_LIFETIME)
    if others := confirmation.without_signup(browser):
        set_cookie(answer, BROWSER, others, CODE_LIFETIME)
    else:
        delete_cookie(answer, BROWSER)
    return answer


def _refusal(refused: RefusedCode) -> str:
    match refused.reason:
        case "wrong":
            return str(gettext("This isn't the code. Tries left: %(left)s.", left=refused.left))
        case "ended" | "used":
            return str(gettext("The code doesn't work any more. Open the link, or sign up again."))
        case "paused":
            return str(gettext("Codes don't work at the moment. Open the link in the email."))
    assert_never(refused.reason)
