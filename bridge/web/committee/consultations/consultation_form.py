"""The forms of a consultation: what it says, and until when people answer."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext
from wtforms import DateField, HiddenField, StringField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Length

from bridge.consultations.rules import MAX_TEXT, MAX_TITLE
from bridge.consultations.tables import Consultation
from bridge.web.layout.form_fields import tidy_text
from bridge.web.layout.page_form import PageForm

FILL_IN = lazy_gettext("Fill in this field.")


class EndForm(PageForm):
    """Until when people answer."""

    day = DateField(lazy_gettext("Last day for answers"), [InputRequired(FILL_IN)])
    time = TimeField(lazy_gettext("Time on that day"), [InputRequired(FILL_IN)])
    zone = StringField(
        lazy_gettext("Time zone"), [InputRequired(FILL_IN), Length(max=64)], filters=[tidy_text]
    )

    @property
    def closes(self) -> datetime:
        return datetime.combine(self.day.data, self.time.data)


class ConsultationForm(EndForm):
    """`revision`: of the text that the page shows. `version`: of the consultation."""

    revision = HiddenField()
    version = HiddenField()
    title = StringField(
        lazy_gettext("Title"), [InputRequired(FILL_IN), Length(max=MAX_TITLE)],
        filters=[tidy_text],
    )  # fmt: skip
    introduction = TextAreaField(
        lazy_gettext("Introduction"), [Length(max=MAX_TEXT)], render_kw={"rows": 4}
    )

    @property
    def stored_version(self) -> int:
        typed = str(self.version.data or "")
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else -1


def values_of(row: Consultation) -> dict[str, object]:
    """What the form of a consultation begins with."""
    return {
        "title": row.title, "introduction": row.introduction, "day": row.closes.date(),
        "time": row.closes.time(), "zone": row.zone, "version": str(row.version),
    }  # fmt: skip
