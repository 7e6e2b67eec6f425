"""Signing up through the public form: the e-mail is confirmed first, by a link.

Answers are the same for everybody, so that nobody learns who is a member. Who is one already is
told so by mail, and nothing that is known of a member is changed from here.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.exceptions import Conflict
from werkzeug.wrappers import Response as Answer
from wtforms import BooleanField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from bridge.errors import MemberError
from bridge.jobs.enrol import sign_up
from bridge.roster import MemberRecord
from bridge.store import joins, members, outgoing
from bridge.store.joins import VALID, Joining
from bridge.web.collaborators import Collaborators
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

MOST = 3
"""How many mails an address is sent in an hour."""
LATELY = timedelta(hours=1)
WHO = "join"


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


def blueprint(house: Collaborators) -> Blueprint:
    """`/join`, `/join/sent`, `/join/<token>` and `/join/done`."""
    pages = Blueprint("join", __name__)
    few = house.limiter.limit("10 per minute; 30 per hour", methods=["POST"])

    @pages.route("/join", methods=["GET", "POST"])
    @few
    def form() -> Answer:
        region, language = chosen_region(house.config)[0], visitors_language(house.config)
        asked = JoinForm(request.form, region=region, language=language)
        asked.region.choices = region_choices(house.config.regions)
        if not asked.validate_on_submit():
            regions = house.config.regions
            return make_response(render_template("web/join/form.html", form=asked, regions=regions))
        _ask(house, _joining(asked))
        return redirect(url_for("join.sent"), 303)

    @pages.get("/join/sent")
    def sent() -> str:
        return render_template("web/join/sent.html")

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
        if not _enter(house, token):
            return make_response(render_template("web/join/stale.html"), 410)
        return redirect(url_for("join.done"), 303)

    return pages


def _joining(form: JoinForm) -> Joining:
    names = ("email", "first_name", "last_name", "number", "region", "language")
    said = {name: str(form[name].data or "") for name in names}
    return Joining(**said, consent=str(form.consent.label.text))


def _ask(house: Collaborators, joining: Joining) -> None:
    """Keep it and owe a mail: the link, or to a member that there is nothing to do."""
    token, now = secrets.token_urlsafe(32), house.now()
    with house.database.transaction() as session:
        often = joins.asked_lately(session, joining.email, now - LATELY) >= MOST
        joins.ask(session, token, joining, now)
        if not often and _is_known(session, joining):
            _tell(house, session, joining)
        elif not often:
            payload = {
                "first_name": joining.first_name,
                "link": f"{house.config.service.url}/join/{token}",
                "days": VALID.days,
            }
            outgoing.owe(
                session, "confirm", joining.email, joining.language, payload, now,
                expires_at=now + VALID,
            )  # fmt: skip
    house.wake()


def _tell(house: Collaborators, session: Session, joining: Joining) -> None:
    """Owe the mail that says they are signed up already."""
    payload = {"link": f"{house.config.service.url}/signin"}
    outgoing.owe(session, "already", joining.email, joining.language, payload, house.now())


def _is_known(session: Session, joining: Joining) -> bool:
    """Whether some member has that e-mail or that number."""
    try:
        by_email = members.find(session, joining.email)
    except MemberError:  # several members have it
        return True
    return by_email is not None or (
        bool(joining.number) and members.get_member(session, joining.number) is not None
    )


def _enter(house: Collaborators, token: str) -> bool:
    """Sign up whom the link belongs to, once; False if it is too old or never was.

    Raises Conflict, and leaves everything as it was, if they became a member this very moment.
    """
    now = house.now()
    with house.database.transaction() as session:
        joining = joins.confirm(session, token, now)
        if joining is None:
            return joins.find_join(session, token, now) is not None
        if _is_known(session, joining):
            _tell(house, session, joining)
        else:
            written = sign_up(
                session,
                house.curricula,
                [_record(joining)],
                regions=house.config.regions,
                who=WHO,
                now=now,
            )
            if len(written.created) != 1:
                raise Conflict(gettext("Please try again."))
    house.wake()
    return True


def _record(joining: Joining) -> MemberRecord:
    return MemberRecord(
        number=joining.number or None,
        email=joining.email,
        first_name=joining.first_name,
        last_name=joining.last_name,
        region=joining.region,
        language=joining.language,
        source="form",
    )
