"""The list of curricula and the page that edits a curriculum file."""

from __future__ import annotations

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.wrappers import Response
from flask_babel import gettext
from werkzeug.exceptions import BadRequest, Conflict
from werkzeug.wrappers import Response as Answer
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from bridge.curriculum.reading.source_text import MAX_FILE_BYTES
from bridge.web.common.access import open_to
from bridge.web.common.limits.costly_pages import Places, costly
from bridge.web.common.limits.rate_limits import limit_clients
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.curricula.autocomplete import suggestions
from bridge.web.curricula.save_result import save_response
from bridge.web.curricula.storage.curriculum_files import (
    CheckResult,
    CurriculumFile,
    CurriculumFiles,
    normalize_line_ends,
)
from bridge.web.curricula.storage.image_folder import images_in
from bridge.web.curricula.storage.saving import MAX_NOTE_LENGTH, save
from bridge.web.layout.page_form import PageForm


class TextForm(PageForm):
    """A text to save. `base`: the SHA-256 of the file when the editor was opened."""

    text = TextAreaField(validators=[Length(max=MAX_FILE_BYTES)])
    base = HiddenField(validators=[InputRequired(), Length(min=64, max=64)])
    note = StringField(validators=[Length(max=MAX_NOTE_LENGTH)])
    anyway = BooleanField()


def register_routes(pages: Blueprint, services: Services, places: Places) -> None:
    """Add the list, the editor, and its checks."""
    files = CurriculumFiles(services.config)
    _add_finding_route(pages, files)
    _add_reading_routes(pages, files, places)
    _add_writing_routes(pages, services, files)

    @pages.post("/<folder>/<file>/problems")
    @limit_clients(services.limiter, "240 per minute")
    @open_to("curricula")
    @costly(places)
    def problems(folder: str, file: str) -> Response:
        curriculum_file = files.open(folder, file)
        checked = files.check(curriculum_file, _submitted_text())
        return jsonify(
            found=render_template("web/curricula/problems.html", checked=checked),
            marks=line_severities(checked),
            state=severity(checked),
            summary=summary(checked),
        )


def _add_finding_route(pages: Blueprint, files: CurriculumFiles) -> None:
    @pages.get("/find")
    @open_to("curricula")
    def find() -> Answer:
        """The file of a milestone, for links from other pages."""
        curriculum, _, milestone = request.args.get("milestone", "").partition("/")
        folder, file = files.find_milestone(curriculum, milestone)
        return redirect(url_for("curricula.edit", folder=folder, file=file), 303)


def _add_reading_routes(pages: Blueprint, files: CurriculumFiles, places: Places) -> None:
    @pages.get("")
    @open_to("curricula")
    def index() -> str:
        found = [
            (folder, reading, [files.open(folder, name) for name in files.list_files(folder)])
            for folder, reading in files.readings()
        ]
        return render_template(
            "web/curricula/index.html", found=found, files=files, misnamed=list(files.misnamed())
        )

    @pages.get("/<folder>/<file>")
    @open_to("curricula")
    def edit(folder: str, file: str) -> str:
        curriculum_file = files.open(folder, file)
        return editor_page(files, curriculum_file, curriculum_file.text, curriculum_file.digest)

    @pages.post("/<folder>/<file>/check")
    @open_to("curricula")
    @costly(places)
    def check(folder: str, file: str) -> str:
        curriculum_file = files.open(folder, file)
        form = TextForm()
        base = form.base.data or curriculum_file.digest
        return editor_page(
            files,
            curriculum_file,
            _submitted_text(),
            base,
            note=form.note.data or "",
            was_checked=True,
        )


def _add_writing_routes(pages: Blueprint, services: Services, files: CurriculumFiles) -> None:
    @pages.post("/<folder>/<file>")
    @open_to("curricula-edit")
    def save_file(folder: str, file: str) -> str | Answer | tuple[str, int]:
        curriculum_file = files.open(folder, file)
        form = TextForm()
        text, note = _submitted_text(), form.note.data or ""
        if not files.may_write(folder):
            raise Conflict
        if not form.validate():
            return _invalid_form_page(files, curriculum_file, form, text)
        if not form.anyway.data and files.is_worse(curriculum_file, text):
            page = editor_page(
                files,
                curriculum_file,
                text,
                form.base.data,
                note=note,
                was_checked=True,
                refused=True,
            )
            return page, 422
        saved = save(
            services, files, curriculum_file, text, form.base.data, current_visitor(), note
        )
        return save_response(saved, text, note)


def _invalid_form_page(
    files: CurriculumFiles, curriculum_file: CurriculumFile, form: TextForm, text: str
) -> tuple[str, int]:
    """The editor page that says what is wrong with the text or the note.

    Raises BadRequest for what no page sends.
    """
    if not form.text.errors and not form.note.errors:
        raise BadRequest
    page = editor_page(
        files, curriculum_file, text, form.base.data or curriculum_file.digest,
        note=form.note.data or "", was_checked=True, refused=bool(form.text.errors),
        note_problem=" ".join(map(str, form.note.errors)),
    )  # fmt: skip
    return page, 422


def editor_page(
    files: CurriculumFiles, curriculum_file: CurriculumFile, text: str, base: str,
    *, note: str = "", was_checked: bool = False, refused: bool = False, note_problem: str = "",
) -> str:  # fmt: skip
    """The editor page. `was_checked`: the text was submitted for checking; `refused`: not saved.

    `note_problem`: why the note is not accepted.
    """
    checked = files.check(
        curriculum_file, text if was_checked or curriculum_file.readable else None
    )
    return render_template(
        "web/curricula/edit.html",
        file=curriculum_file, files=files, text=text, base=base, note=note, refused=refused,
        note_problem=note_problem,
        checked=checked, was_checked=was_checked,
        summary=summary(checked), state=severity(checked),
        marks=line_severities(checked), lines=text.count("\n") + 1,
        may_save=current_visitor().may("curricula-edit")
        and files.may_write(curriculum_file.folder),
        words=suggestions(files.names(curriculum_file, text)),
        images=images_in(files, curriculum_file.folder),
    )  # fmt: skip


def line_severities(checked: CheckResult) -> dict[int, str]:
    """The worst severity of each line of the file that has problems."""
    found = sorted(checked.here, key=lambda each: each.severity == "error")
    return {each.line: each.severity for each in found}


def severity(checked: CheckResult) -> str:
    """The CSS class of the result: `bad` with errors, `warn` with warnings, or `good`."""
    if checked.errors:
        return "bad"
    return "warn" if checked.reading.problems else "good"


def summary(checked: CheckResult) -> str:
    """The result of the check as a sentence."""
    problems = checked.reading.problems
    if not problems:
        return str(gettext("No problems."))
    return str(
        gettext("Errors: %(errors)s. Warnings: %(warnings)s.",
                errors=checked.errors, warnings=len(problems) - checked.errors)
    )  # fmt: skip


def _submitted_text() -> str:
    return normalize_line_ends(request.form.get("text", ""))
