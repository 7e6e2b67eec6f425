"""The form of an email to members."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext
from wtforms import EmailField, Field, Form, HiddenField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from bridge.store.tables.member_emails import MemberEmail
from bridge.web.layout.form_fields import tidy_text
from bridge.web.layout.page_form import PageForm
from bridge.web.layout.translation import translated_text
from bridge.workflows.member_emails.drafts import Content
from bridge.workflows.member_emails.texts import (
    LANGUAGES,
    MAX_SUBJECT,
    MAX_TEXT,
    Written,
    from_data,
    reply_problem,
)

TOO_LONG = lazy_gettext("This is too long.")


def _require_address(_form: Form, field: Field) -> None:
    """Raises ValidationError."""
    if problem := reply_problem(field.data or ""):
        raise ValidationError(translated_text(problem))


def _subject(label: str) -> StringField:
    limits = [Length(max=MAX_SUBJECT, message=TOO_LONG)]
    return StringField(label, limits, filters=[tidy_text], render_kw={"autocomplete": "off"})


def _text(label: str) -> TextAreaField:
    return TextAreaField(label, [Length(max=MAX_TEXT, message=TOO_LONG)], render_kw={"rows": 10})


class EmailForm(PageForm):
    """`version`: of the draft that the page shows."""

    version = HiddenField()
    subject_en = _subject(lazy_gettext("Subject in English"))
    text_en = _text(lazy_gettext("Text in English"))
    subject_fr = _subject(lazy_gettext("Subject in French"))
    text_fr = _text(lazy_gettext("Text in French"))
    reply_to = EmailField(
        lazy_gettext("Address for replies"),
        [Length(max=254, message=TOO_LONG), _require_address],
        filters=[tidy_text],
    )

    def validate_to_send(self) -> bool:
        """Whether it says enough to be sent. The errors are at the fields."""
        written = [each for each in LANGUAGES if self._written(each)]
        for language in written:
            if not self._written(language).subject:
                self._refuse(f"subject_{language}", gettext("Enter a subject."))
            if not self._written(language).text.strip():
                self._refuse(f"text_{language}", gettext("Enter a text."))
        if not written:
            problem = gettext("Write a subject and a text, in one language or both.")
            self._refuse(f"subject_{LANGUAGES[0]}", problem)
        return not self.errors

    def _refuse(self, name: str, problem: str) -> None:
        self[name].errors = [*self[name].errors, problem]

    def _written(self, language: str) -> Written:
        subject, text = self[f"subject_{language}"].data, self[f"text_{language}"].data
        return Written(str(subject or ""), str(text or "").replace("\r\n", "\n"))

    @property
    def content(self) -> Content:
        """What was typed."""
        return Content({e: self._written(e) for e in LANGUAGES}, str(self.reply_to.data or ""))

    @property
    def stored_version(self) -> int:
        typed = str(self.version.data or "")
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else -1


def values_of(row: MemberEmail) -> dict[str, str]:
    """What the form of a draft begins with."""
    texts = from_data(row.texts)
    written = {
        f"{part}_{language}": getattr(each, part)
        for language, each in texts.items()
        for part in ("subject", "text")
    }
    return {**written, "reply_to": row.reply_to, "version": str(row.version)}
