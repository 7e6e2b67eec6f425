"""`/committee/sessions/import`: sessions from a file. First what would change, then the import.

`/committee/sessions/export.<format>`: the sessions as such a file.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext, ngettext
from werkzeug.wrappers import Response as Answer
from wtforms import FileField, HiddenField, TextAreaField
from wtforms.validators import Length

from bridge.curriculum.problems import Problem, Report
from bridge.sessions.feature import office_of
from bridge.sessions.schedule_files.comparison import Field
from bridge.sessions.schedule_files.exporting import (
    MEDIA_TYPES,
    ExportFormat,
    read_sessions,
    write_sessions,
)
from bridge.sessions.schedule_files.importing import (
    Choices,
    Imported,
    Kind,
    Outcome,
    ShownChange,
    import_schedule,
)
from bridge.sessions.schedule_files.reading import PASTED, decode
from bridge.web.common.access import is_own_person, open_to
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.layout.language import visitors_language
from bridge.web.layout.page_form import PageForm
from bridge.web.lists.csv_export import audit_export, escape_formula

MAX_LENGTH = 300_000
FIELDS: Mapping[Field, str] = {
    "topic": lazy_gettext("Topic"),
    "times": lazy_gettext("When"),
    "online": lazy_gettext("Online"),
    "link": lazy_gettext("Link to join"),
    "room": lazy_gettext("Room or address"),
    "seats_online": lazy_gettext("Seats online"),
    "seats_room": lazy_gettext("Seats in the room"),
    "region": lazy_gettext("Region"),
    "leaders": lazy_gettext("Leaders"),
    "materials": lazy_gettext("Materials"),
    "state": lazy_gettext("State"),
}
KINDS: Mapping[Kind, str] = {
    "new": lazy_gettext("New"),
    "changed": lazy_gettext("Changed"),
    "different": lazy_gettext("Changed on the pages"),
    "unchanged": lazy_gettext("Unchanged"),
}


class ImportForm(PageForm):
    """A file, or its text. `name` and `previewed`: of the text that was looked at last."""

    file = FileField(lazy_gettext("File"))
    text = TextAreaField(
        lazy_gettext("Or paste it here"),
        [Length(max=MAX_LENGTH)],
        filters=[lambda text: (text or "").removeprefix("\ufeff").replace("\r\n", "\n")],
        render_kw={"rows": 8, "spellcheck": "false"},
    )
    name = HiddenField(filters=[lambda name: (name or "")[:200]])
    previewed = HiddenField()


@dataclass(frozen=True, slots=True)
class _Preview:
    """What an import would do, for the template."""

    outcomes: Sequence[Outcome]
    problems: Sequence[Problem]
    ready: bool

    @property
    def counts(self) -> Mapping[Kind, int]:
        return Counter(each.kind for each in self.outcomes)


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add importing and exporting."""

    @pages.route("/import", methods=["GET", "POST"], endpoint="import_file")
    @open_to("sessions-change")
    def import_file() -> Answer | str:
        form = ImportForm()
        preview = None
        if form.validate_on_submit():
            preview = _read_file(form)
            if preview is None:
                step = "import" if _is_confirmed(form) else "preview"
                done = _import(services, form, preview=step == "preview")
                if step == "import" and not done.problems:
                    return _imported(services, done)
                preview = _Preview(done.outcomes, done.problems, not done.problems)
        form.previewed.data = _fingerprint(form) if preview and preview.ready else ""
        return render_template(
            "web/committee/sessions/import.html", form=form, preview=preview, fields=FIELDS,
            kinds=KINDS, tick=_tick, ticked=request.form.getlist("overwrite"),
        )  # fmt: skip

    @pages.get("/export.<any(yaml, csv, json, ics):form>", endpoint="export")
    @open_to("sessions-change")
    def export(form: ExportFormat) -> Response:
        past = request.args.get("past") == "1"
        language = visitors_language(services.config)
        with services.database.reading() as session:
            rows = read_sessions(session, services.curricula, language, services.now(), past=past)
        audit_export(services, "schedule", {"format": form, "past": past})
        text = write_sessions(rows, form, services.now(), escape_formula)
        content = f"\ufeff{text}" if form == "csv" else text
        answer = Response(content, mimetype=MEDIA_TYPES[form])
        answer.headers["Content-Disposition"] = f'attachment; filename="schedule.{form}"'
        return answer


def _read_file(form: ImportForm) -> _Preview | None:
    """Take the text of an uploaded file; a preview that says why if it can't be read."""
    sent = form.file.data
    if not sent or not sent.filename:
        return None
    report = Report()
    form.name.data = str(sent.filename)[:200]
    text = decode(sent.read(), form.name.data, report)
    if text is None:
        return _Preview((), report.problems(), ready=False)
    form.text.data = text.replace("\r\n", "\n")
    return None


def _is_confirmed(form: ImportForm) -> bool:
    """Whether exactly this text was looked at before."""
    return request.form.get("step") == "import" and form.previewed.data == _fingerprint(form)


def _fingerprint(form: ImportForm) -> str:
    text = f"{form.name.data}\n{(form.text.data or '').strip()}"
    return hashlib.sha256(text.encode()).hexdigest()


def _import(services: Services, form: ImportForm, *, preview: bool) -> Imported:
    ticked = set(request.form.getlist("overwrite"))
    choices = Choices(
        overwrite=lambda key, field, version: _tick_of(key, field, version) in ticked,
        may_name=lambda session, person: not is_own_person(session, person),
    )
    office = office_of(services.config, services.curricula, current_visitor().email, services.now())
    name, text = form.name.data or PASTED, form.text.data or ""
    return import_schedule(
        services.database, services.config, office, name, text, choices, preview=preview
    )


def _imported(services: Services, done: Imported) -> Answer:
    counts = Counter(each.kind for each in done.outcomes)
    told = [
        ngettext("%(num)s new session.", "%(num)s new sessions.", counts["new"]),
        ngettext("%(num)s session changed.", "%(num)s sessions changed.", counts["changed"]),
    ]
    flash(" ".join(told), "success")
    if any(not change.applied for each in done.outcomes for change in each.changes):
        flash(gettext("What was changed on the pages stayed as it is."), "info")
    services.trigger_job()
    return redirect(url_for("committee_sessions.index"), 303)


def _tick(outcome: Outcome, change: ShownChange) -> str:
    return _tick_of(outcome.key, change.field, outcome.version)


def _tick_of(key: str, field: Field, version: int) -> str:
    """The value of a tick: it counts only for what the page showed."""
    return f"{field}:{version}:{key}"
