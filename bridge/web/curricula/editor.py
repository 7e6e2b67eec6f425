"""The list of curricula, and the page that edits one file of them."""

from __future__ import annotations

from flask import Blueprint, jsonify, render_template, request
from flask.wrappers import Response
from flask_babel import gettext
from flask_wtf import FlaskForm
from werkzeug.exceptions import BadRequest, Conflict
from werkzeug.wrappers import Response as Answer
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from bridge.curriculum.reading.source_text import MAX_FILE_BYTES
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor, for_committee
from bridge.web.curricula.autocomplete import known_words
from bridge.web.curricula.save_result import save_response
from bridge.web.curricula.storage.curriculum_files import (
    CheckResult,
    CurriculumFile,
    CurriculumFiles,
    unified,
)
from bridge.web.curricula.storage.saving import NOTE, save


class TextForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """A text, and the SHA-256 of the one it began from."""

    text = TextAreaField(validators=[Length(max=MAX_FILE_BYTES)])
    base = HiddenField(validators=[InputRequired(), Length(min=64, max=64)])
    note = StringField(validators=[Length(max=NOTE)])
    anyway = BooleanField()


def register_routes(pages: Blueprint, services: Services) -> None:
    """The list, the editor, and its checks."""
    desk = CurriculumFiles(services.config)
    _add_reading(pages, desk)
    _add_writing(pages, services, desk)

    @pages.post("/<folder>/<file>/problems")
    @services.limiter.limit("240 per minute")
    @for_committee(chairs=False)
    def problems(folder: str, file: str) -> Response:
        sheet = desk.open(folder, file)
        checked = desk.check(sheet, _typed())
        return jsonify(
            found=render_template("web/curricula/problems.html", checked=checked),
            marks=marks(checked),
            state=standing(checked),
            said=summary(checked),
        )


def _add_reading(pages: Blueprint, desk: CurriculumFiles) -> None:
    @pages.get("")
    @for_committee(chairs=False)
    def index() -> str:
        found = [
            (folder, reading, [desk.open(folder, name) for name in desk.files(folder)])
            for folder, reading in desk.readings()
        ]
        return render_template("web/curricula/index.html", found=found, desk=desk)

    @pages.get("/<folder>/<file>")
    @for_committee(chairs=False)
    def edit(folder: str, file: str) -> str:
        sheet = desk.open(folder, file)
        return shown(desk, sheet, sheet.text, sheet.digest)

    @pages.post("/<folder>/<file>/check")
    @for_committee(chairs=False)
    def check(folder: str, file: str) -> str:
        sheet = desk.open(folder, file)
        form = TextForm()
        base = form.base.data or sheet.digest
        return shown(desk, sheet, _typed(), base, note=form.note.data or "", asked=True)


def _add_writing(pages: Blueprint, services: Services, desk: CurriculumFiles) -> None:
    @pages.post("/<folder>/<file>")
    @for_committee(edit=True)
    def store(folder: str, file: str) -> str | Answer | tuple[str, int]:
        sheet = desk.open(folder, file)
        form = TextForm()
        text, note = _typed(), form.note.data or ""
        if not desk.may_write(folder):
            raise Conflict
        if not form.validate():
            raise BadRequest
        if not form.anyway.data and desk.is_worse(sheet, text):
            page = shown(desk, sheet, text, form.base.data, note=note, asked=True, refused=True)
            return page, 422
        saved = save(services, desk, sheet, text, form.base.data, current_visitor(), note)
        return save_response(saved, text, note)


def shown(
    desk: CurriculumFiles, sheet: CurriculumFile, text: str, base: str,
    *, note: str = "", asked: bool = False, refused: bool = False,
) -> str:  # fmt: skip
    """The editor page. `asked`: its check was asked for; `refused`: it was not saved."""
    checked = desk.check(sheet, text if asked or sheet.readable else None)
    return render_template(
        "web/curricula/edit.html",
        sheet=sheet, text=text, base=base, note=note, asked=asked, refused=refused,
        checked=checked, said=summary(checked), state=standing(checked), marks=marks(checked),
        lines=text.count("\n") + 1,
        may_save=current_visitor().may_edit and desk.may_write(sheet.folder), desk=desk,
        words=known_words(desk.names(sheet, text)),
    )  # fmt: skip


def marks(checked: CheckResult) -> dict[int, str]:
    """The lines of the file with something to mend or to look at: the worse of both."""
    found = sorted(checked.here, key=lambda each: each.severity == "error")
    return {each.line: each.severity for each in found}


def standing(checked: CheckResult) -> str:
    """How it stands: `bad` with an error, `warn` with a warning, `good` without either."""
    if checked.errors:
        return "bad"
    return "warn" if checked.reading.problems else "good"


def summary(checked: CheckResult) -> str:
    """How it stands, in a sentence."""
    problems = checked.reading.problems
    if not problems:
        return str(gettext("No problems."))
    return str(
        gettext("Errors: %(errors)s. Warnings: %(warnings)s.",
                errors=checked.errors, warnings=len(problems) - checked.errors)
    )  # fmt: skip


def _typed() -> str:
    return unified(request.form.get("text", ""))
