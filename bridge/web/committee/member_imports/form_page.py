"""`/committee/members/import`: choose a file or paste rows; the imports of late."""

from __future__ import annotations

import secrets

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer
from wtforms import FileField, HiddenField, TextAreaField
from wtforms.validators import Length

from bridge.errors import MemberError
from bridge.member_imports.reading import Office, UploadedFile, look_at_file
from bridge.store.batches import member_imports
from bridge.web.committee.member_imports import shown_import
from bridge.web.committee.member_imports.labels import count_words, with_codes
from bridge.web.committee.members.changes.editors import confidential_rights_of_visitor
from bridge.web.committee.members.role_view import read_known_roles
from bridge.web.common.access import open_to, own_members
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.files.uploads import accepts_files
from bridge.web.layout.page_form import PageForm
from bridge.web.layout.translation import translate_error

MAX_PASTED = 300_000
"""Characters: about 3,000 members. More of them come in a file."""
MAX_RECENT = 10


class UploadForm(PageForm):
    """A file, or rows. `key`: of this form, so that sending it twice stores one file."""

    file = FileField(lazy_gettext("File (CSV)"))
    rows = TextAreaField(
        lazy_gettext("Or paste rows here"),
        [Length(max=MAX_PASTED)],
        filters=[lambda text: (text or "").replace("\r\n", "\n")],
        render_kw={"rows": 6, "spellcheck": "false", "autocomplete": "off"},
    )
    key = HiddenField()


def blueprint(services: Services) -> Blueprint:
    """`/committee/members/import`, and the page of each import."""
    pages = Blueprint("member_imports", __name__, url_prefix="/committee/members/import")
    shown_import.register_routes(pages, services, current_office)

    @pages.route("", methods=["GET", "POST"])
    @open_to("members-change")
    @accepts_files
    def form() -> Answer | str:
        filled = UploadForm()
        if not filled.key.data or len(filled.key.data) > 64:
            filled.key.data = secrets.token_hex(16)
        if filled.validate_on_submit() and (sent := _sent_file(filled)):
            try:
                with services.database.transaction() as session:
                    stored = look_at_file(session, sent, current_office(services, session))
            except MemberError as error:
                told = translate_error({**error.as_data(), "where": ""})
                filled.file.errors = [with_codes(told)]
            else:
                return redirect(url_for("member_imports.show", batch=stored), 303)
        with services.database.reading() as session:
            recent = member_imports.recent(session, MAX_RECENT)
        return render_template(
            "web/committee/member-imports/form.html", form=filled,
            recent=[(each, count_words(each)) for each in recent],
        )  # fmt: skip

    return pages


def current_office(services: Services, session: Session) -> Office:
    """The visitor as someone who imports members."""
    return Office(
        services.config.regions, tuple(services.curricula), read_known_roles(services),
        current_visitor().email, services.now(), own_members(session),
        confidential_rights_of_visitor(), services.features,
    )  # fmt: skip


def _sent_file(form: UploadForm) -> UploadedFile | None:
    """What was chosen or pasted; None, with an error at the field, if nothing or both."""
    key = form.key.data or ""
    sent = form.file.data
    text = (form.rows.data or "").strip()
    if sent and sent.filename and text:
        form.file.errors = [gettext("Choose a file or paste rows, not both.")]
        return None
    if sent and sent.filename:
        return UploadedFile(str(sent.filename), sent.read(), key)
    if text:
        return UploadedFile(gettext("Pasted rows"), text.encode(), key)
    form.file.errors = [gettext("Choose a file, or paste rows.")]
    return None
