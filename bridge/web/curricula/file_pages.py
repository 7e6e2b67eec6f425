"""The pages that make a curriculum or a file, rename a file, and delete one."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.exceptions import Conflict
from werkzeug.wrappers import Response as Answer
from wtforms import HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, Regexp

from bridge.curriculum.editing.milestone_list import milestones_in
from bridge.curriculum.editing.starter_files import FIRST_MILESTONE, new_curriculum, new_milestone
from bridge.curriculum.model import Language
from bridge.curriculum.reader import TOP_FILE
from bridge.curriculum.reading.scalars import slug
from bridge.curriculum.schema.value_types import KEY_PATTERN, MAX_KEY_LENGTH
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor, for_committee
from bridge.web.curricula.history import kept_names
from bridge.web.curricula.save_result import file_operation_response
from bridge.web.curricula.storage import file_operations, git
from bridge.web.curricula.storage.curriculum_files import FILE_NAME, CurriculumFile, CurriculumFiles
from bridge.web.layout.form_fields import require_printable, tidy_text
from bridge.web.layout.language import LANGUAGES

NEEDED = lazy_gettext("Please write something here.")
TOO_LONG = lazy_gettext("This is too long.")
KEY = lazy_gettext("Lower-case letters without accents, digits and hyphens, a letter first.")


class NewForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """What a new curriculum or milestone is called; an empty key is made from the title."""

    title = StringField(
        lazy_gettext("Title"),
        [InputRequired(NEEDED), Length(max=120, message=TOO_LONG), require_printable],
        filters=[tidy_text],
    )  # fmt: skip
    key = StringField(
        lazy_gettext("Key"),
        [
            Optional(),
            Length(max=MAX_KEY_LENGTH, message=TOO_LONG),
            Regexp(f"{KEY_PATTERN}\\Z", message=KEY),
        ],
        filters=[tidy_text],
    )

    @property
    def chosen(self) -> str:
        return self.key.data or slug(self.title.data, MAX_KEY_LENGTH)


class CurriculumForm(NewForm):
    """With the languages its texts are written in."""

    languages = SelectField(
        lazy_gettext("Languages"), [InputRequired(NEEDED)],
        choices=[
            SelectChoice("en fr", lazy_gettext("English and French")),
            SelectChoice("fr en", lazy_gettext("French and English")),
            *(SelectChoice(code, name) for code, name in LANGUAGES.items()),
        ],
    )  # fmt: skip


class MilestoneForm(NewForm):
    """With the milestone it follows; '' is none."""

    after = SelectField(lazy_gettext("Comes after"), validate_choice=False)


class FileForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """The SHA-256 of the file it is about, and its new name, if it is to have one."""

    base = HiddenField(validators=[InputRequired(), Length(min=64, max=64)])
    name = StringField(
        lazy_gettext("New name"),
        [Regexp(FILE_NAME, message=lazy_gettext(
            "Lower-case letters without accents, digits and hyphens, and .yaml at the end."))],
        filters=[tidy_text],
    )  # fmt: skip


def register_routes(pages: Blueprint, services: Services) -> None:
    """New ones, and what can be done with a file as a whole."""
    desk = CurriculumFiles(services.config)
    _add_new(pages, services, desk)
    _add_gone(pages, services, desk)
    _add_known(pages, services, desk)


def _add_new(pages: Blueprint, services: Services, desk: CurriculumFiles) -> None:
    @pages.route("/new", methods=["GET", "POST"])
    @for_committee(edit=True)
    def begin() -> str | Answer | tuple[str, int]:
        if not desk.writable:
            raise Conflict
        form = CurriculumForm()
        if not form.validate_on_submit() or not _has_key(form):
            return _form("web/curricula/begin.html", form)
        key = form.chosen
        files = new_curriculum(key, form.title.data, form.languages.data.split())
        came = file_operations.begin(
            services, desk, key, files, current_visitor(), gettext("A new curriculum")
        )
        first = CurriculumFile(
            desk.root / key / f"{FIRST_MILESTONE}.yaml", key, f"{FIRST_MILESTONE}.yaml", b""
        )
        return file_operation_response(came, first, url_for("curricula.begin"))

    @pages.route("/<folder>/new", methods=["GET", "POST"])
    @for_committee(edit=True)
    def create(folder: str) -> str | Answer | tuple[str, int]:
        top = desk.open(folder, TOP_FILE)
        if not desk.may_write(folder):
            raise Conflict
        form, steps = MilestoneForm(), milestones_in(top.text)
        form.after.choices = [
            *(SelectChoice(step, step) for step in steps),
            SelectChoice("", gettext("nothing: it is first")),
        ]
        if not form.is_submitted() and steps:
            form.after.data = steps[-1]
        if not form.validate_on_submit() or not _has_key(form):
            return _form("web/curricula/create.html", form, folder=folder)
        key = form.chosen
        text = new_milestone(key, form.title.data, _languages(desk, folder))
        sheet = desk.absent(folder, f"{key}.yaml").with_text(text)
        came = file_operations.create(
            services, desk, sheet, form.after.data, current_visitor(), gettext("A new milestone")
        )
        return file_operation_response(came, sheet, url_for("curricula.create", folder=folder))


def _add_gone(pages: Blueprint, services: Services, desk: CurriculumFiles) -> None:
    @pages.get("/<folder>/gone")
    @for_committee(chairs=False)
    def gone(folder: str) -> str:
        there = {*desk.files(folder), *desk.links(folder)}
        try:
            known = git.deleted_files(desk.root / folder)
        except git.GitError:
            known = set()
        names = {name for name in known | kept_names(services, folder) if FILE_NAME.fullmatch(name)}
        return render_template(
            "web/curricula/gone.html", folder=folder, names=sorted(names - there)
        )


def _add_known(pages: Blueprint, services: Services, desk: CurriculumFiles) -> None:
    @pages.get("/<folder>/<file>/file")
    @for_committee(edit=True)
    def manage(folder: str, file: str) -> str:
        return _manage(_known(desk, folder, file), FileForm(formdata=None, name=file))

    @pages.post("/<folder>/<file>/rename")
    @for_committee(edit=True)
    def rename(folder: str, file: str) -> str | Answer | tuple[str, int]:
        sheet, form = _known(desk, folder, file), FileForm()
        if not form.validate_on_submit():
            return _manage(sheet, form), 422
        name = form.name.data
        back = url_for("curricula.manage", folder=folder, file=file)
        if name == file:
            return redirect(back, 303)
        note = gettext("Renamed from %(name)s", name=file)
        came = file_operations.rename(
            services, desk, sheet, form.base.data, name, current_visitor(), note
        )
        return file_operation_response(
            came, desk.open(folder, name) if came.status == "done" else sheet, back
        )

    @pages.post("/<folder>/<file>/delete")
    @for_committee(edit=True)
    def delete(folder: str, file: str) -> str | Answer | tuple[str, int]:
        sheet, form = _known(desk, folder, file), FileForm()
        note = gettext("Deleted")
        came = file_operations.delete(
            services, desk, sheet, form.base.data or "", current_visitor(), note
        )
        if came.status != "done":
            return file_operation_response(
                came, sheet, url_for("curricula.manage", folder=folder, file=file)
            )
        flash(gettext("%(name)s is deleted. It can be brought back from its versions.", name=file))
        return redirect(url_for("curricula.history", folder=folder, file=file), 303)


def _known(desk: CurriculumFiles, folder: str, file: str) -> CurriculumFile:
    """A file that may be renamed and deleted. Answers 409 for curriculum.yaml, which may not."""
    sheet = desk.open(folder, file)
    if not desk.may_write(folder) or file == TOP_FILE:
        raise Conflict
    return sheet


def _manage(sheet: CurriculumFile, form: FileForm) -> str:
    return render_template("web/curricula/manage.html", sheet=sheet, form=form)


def _form(page: str, form: NewForm, **more: str) -> str | tuple[str, int]:
    shown = render_template(page, form=form, **more)
    return (shown, 422) if form.is_submitted() else shown


def _has_key(form: NewForm) -> bool:
    """A title without a letter gives no key: then one must be written."""
    if not form.chosen:
        form.key.errors = [KEY]
    return bool(form.chosen)


def _languages(desk: CurriculumFiles, folder: str) -> tuple[Language, ...]:
    reading = dict(desk.readings())[folder]
    return reading.curriculum.languages if reading.curriculum else ("en",)
