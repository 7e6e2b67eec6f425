"""Pages that create a curriculum or a milestone, and rename or delete a file."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.exceptions import Conflict, NotFound
from werkzeug.wrappers import Response as Answer
from wtforms import HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, Regexp

from bridge.curriculum.editing.milestone_list import milestone_of, milestones_in
from bridge.curriculum.editing.starter_files import (
    FIRST_MILESTONE,
    new_forms,
    new_programs,
    new_sessions,
)
from bridge.curriculum.editing.starter_files import new_curriculum as starter_curriculum
from bridge.curriculum.editing.starter_files import new_milestone as starter_milestone
from bridge.curriculum.model import Language
from bridge.curriculum.reader import FORMS_FILE, PROGRAMS_FILE, SESSIONS_FILE, TOP_FILE
from bridge.curriculum.reading.scalars import slug
from bridge.curriculum.requirements.credited import required_keys
from bridge.curriculum.requirements.facts import CreditKind
from bridge.curriculum.value_types import KEY_PATTERN, MAX_KEY_LENGTH
from bridge.web.common.access import open_to
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.curricula.history import names_of_saved_files
from bridge.web.curricula.save_result import file_operation_response
from bridge.web.curricula.storage import file_operations, git
from bridge.web.curricula.storage.curriculum_files import FILE_NAME, CurriculumFile, CurriculumFiles
from bridge.web.layout.form_fields import tidy_text
from bridge.web.layout.formatting import key_as_words
from bridge.web.layout.language import LANGUAGES, visitors_language
from bridge.web.layout.page_form import PageForm

REQUIRED = lazy_gettext("Fill in this field.")
TOO_LONG = lazy_gettext("Shorten this text.")
SESSION_KINDS: tuple[CreditKind, ...] = ("session", "led")
FIXED_NAMES = (SESSIONS_FILE, PROGRAMS_FILE, FORMS_FILE)
"""Files that a curriculum may have, and that keep their names."""
INVALID_ID = lazy_gettext("Use only a–z, 0–9 and hyphens, and start with a letter.")


class NewForm(PageForm):
    """The title and ID of a new curriculum or milestone."""

    title = StringField(
        lazy_gettext("Title"),
        [InputRequired(REQUIRED), Length(max=120, message=TOO_LONG)],
        filters=[tidy_text],
    )  # fmt: skip
    key = StringField(
        lazy_gettext("ID"),
        [
            Optional(),
            Length(max=MAX_KEY_LENGTH, message=TOO_LONG),
            Regexp(f"{KEY_PATTERN}\\Z", message=INVALID_ID),
        ],
        filters=[tidy_text],
    )

    @property
    def chosen_key(self) -> str:
        """The ID that was entered, or one made from the title; '' if that gives none."""
        return self.key.data or slug(self.title.data, MAX_KEY_LENGTH)


class CurriculumForm(NewForm):
    """A new curriculum, with the languages of its texts."""

    languages = SelectField(
        lazy_gettext("Languages"), [InputRequired(REQUIRED)],
        choices=[
            SelectChoice("en fr", lazy_gettext("English and French")),
            SelectChoice("fr en", lazy_gettext("French and English")),
            *(SelectChoice(code, name) for code, name in LANGUAGES.items()),
        ],
    )  # fmt: skip


class MilestoneForm(NewForm):
    """A new milestone, with the milestone it comes after ('' for none)."""

    after = SelectField(lazy_gettext("Comes after"), validate_choice=False)


class FileForm(PageForm):
    """A new name for a file. `base`: the SHA-256 of the file when the page was opened."""

    base = HiddenField(validators=[InputRequired(), Length(min=64, max=64)])
    name = StringField(
        lazy_gettext("New name"),
        [Regexp(FILE_NAME, message=lazy_gettext(
            "Use only a–z, 0–9 and hyphens, and end with .yaml."))],
        filters=[tidy_text],
    )  # fmt: skip


def register_routes(pages: Blueprint, services: Services) -> None:
    """Add the pages for new files, deleted files, and actions on a file."""
    files = CurriculumFiles(services.config)
    _add_creation_routes(pages, services, files)
    _add_deleted_files_route(pages, services, files)
    _add_file_routes(pages, services, files)


def _add_creation_routes(pages: Blueprint, services: Services, files: CurriculumFiles) -> None:
    _add_curriculum_route(pages, services, files)
    _add_milestone_route(pages, services, files)
    _add_starter_route(pages, services, files)


def _add_curriculum_route(pages: Blueprint, services: Services, files: CurriculumFiles) -> None:
    @pages.route("/new", methods=["GET", "POST"])
    @open_to("curricula-edit")
    def new_curriculum() -> str | Answer | tuple[str, int]:
        if not files.writable:
            raise Conflict
        form = CurriculumForm()
        if not form.validate_on_submit() or not _has_key(form):
            return _form_page("web/curricula/new-curriculum.html", form)
        key = form.chosen_key
        texts = starter_curriculum(key, form.title.data, form.languages.data.split())
        result = file_operations.create_curriculum(
            services, files, key, texts, current_visitor(), gettext("New curriculum")
        )
        first = CurriculumFile(
            files.root / key / f"{FIRST_MILESTONE}.yaml", key, f"{FIRST_MILESTONE}.yaml", b""
        )
        return file_operation_response(result, first, url_for("curricula.new_curriculum"))


def _add_milestone_route(pages: Blueprint, services: Services, files: CurriculumFiles) -> None:
    @pages.route("/<folder>/new", methods=["GET", "POST"])
    @open_to("curricula-edit")
    def new_milestone(folder: str) -> str | Answer | tuple[str, int]:
        top = files.open(folder, TOP_FILE)
        if not files.may_write(folder):
            raise Conflict
        form, keys = MilestoneForm(), milestones_in(top.text)
        form.after.choices = [
            *(SelectChoice(each, _title_of(services, folder, each)) for each in keys),
            SelectChoice("", gettext("None (first milestone)")),
        ]
        if not form.is_submitted() and keys:
            form.after.data = keys[-1]
        if not form.validate_on_submit() or not _has_key(form):
            return _form_page("web/curricula/new-milestone.html", form, folder=folder)
        key = form.chosen_key
        text = starter_milestone(key, form.title.data, _languages(files, folder))
        curriculum_file = files.absent(folder, f"{key}.yaml").with_text(text)
        result = file_operations.create_file(
            services,
            files,
            curriculum_file,
            form.after.data,
            current_visitor(),
            gettext("New milestone"),
        )
        return file_operation_response(
            result, curriculum_file, url_for("curricula.new_milestone", folder=folder)
        )


def _title_of(services: Services, folder: str, key: str) -> str:
    """The title of a milestone; its key in words if the last valid curriculum hasn't got it."""
    path = next((each for each in services.curricula if each.key == folder), None)
    step = path.milestone(key) if path else None
    title = step.title.pick(visitors_language(services.config)) if step else ""
    return title or key_as_words(key)


def _add_starter_route(pages: Blueprint, services: Services, files: CurriculumFiles) -> None:
    @pages.post("/<folder>/new/<file>")
    @open_to("curricula-edit")
    def new_file(folder: str, file: str) -> Answer | tuple[str, int]:
        if file not in FIXED_NAMES:
            raise NotFound
        absent = files.absent(folder, file)
        if not files.may_write(folder):
            raise Conflict
        added = absent.with_text(_starter_text(services, files, folder, file))
        result = file_operations.create_file(
            services, files, added, None, current_visitor(), gettext("New file")
        )
        return file_operation_response(result, added, url_for("curricula.index"))


def _add_deleted_files_route(pages: Blueprint, services: Services, files: CurriculumFiles) -> None:
    @pages.get("/<folder>/deleted")
    @open_to("curricula")
    def deleted_files(folder: str) -> str:
        existing = {*files.list_files(folder), *files.links(folder)}
        try:
            from_git = git.deleted_files(files.root / folder)
        except git.GitError:
            from_git = set()
        names = {
            name
            for name in from_git | names_of_saved_files(services, folder)
            if FILE_NAME.fullmatch(name)
        }
        return render_template(
            "web/curricula/deleted-files.html", folder=folder, names=sorted(names - existing)
        )


def _add_file_routes(pages: Blueprint, services: Services, files: CurriculumFiles) -> None:
    @pages.get("/<folder>/<file>/file")
    @open_to("curricula-edit")
    def file_actions(folder: str, file: str) -> str:
        return _file_actions_page(
            _changeable_file(files, folder, file), FileForm(formdata=None, name=file)
        )

    @pages.post("/<folder>/<file>/rename")
    @open_to("curricula-edit")
    def rename(folder: str, file: str) -> str | Answer | tuple[str, int]:
        curriculum_file, form = _changeable_file(files, folder, file), FileForm()
        if not form.validate_on_submit():
            return _file_actions_page(curriculum_file, form), 422
        name = form.name.data
        back = url_for("curricula.file_actions", folder=folder, file=file)
        if name == file:
            return redirect(back, 303)
        if file in FIXED_NAMES:
            raise Conflict
        note = gettext("Renamed from %(name)s", name=file)
        result = file_operations.rename(
            services, files, curriculum_file, form.base.data, name, current_visitor(), note
        )
        return file_operation_response(
            result, files.open(folder, name) if result.status == "done" else curriculum_file, back
        )

    _add_delete_route(pages, services, files)


def _add_delete_route(pages: Blueprint, services: Services, files: CurriculumFiles) -> None:
    @pages.post("/<folder>/<file>/delete")
    @open_to("curricula-edit")
    def delete(folder: str, file: str) -> str | Answer | tuple[str, int]:
        curriculum_file, form = _changeable_file(files, folder, file), FileForm()
        note = gettext("Deleted")
        result = file_operations.delete(
            services, files, curriculum_file, form.base.data or "", current_visitor(), note
        )
        if result.status != "done":
            return file_operation_response(
                result, curriculum_file, url_for("curricula.file_actions", folder=folder, file=file)
            )
        flash(gettext("%(name)s was deleted. You can restore it from its history.", name=file))
        return redirect(url_for("curricula.history", folder=folder, file=file), 303)


def _changeable_file(files: CurriculumFiles, folder: str, file: str) -> CurriculumFile:
    """A file that may be renamed or deleted. Raises Conflict if it may not (curriculum.yaml)."""
    curriculum_file = files.open(folder, file)
    if not files.may_write(folder) or file == TOP_FILE:
        raise Conflict
    return curriculum_file


def _file_actions_page(curriculum_file: CurriculumFile, form: FileForm) -> str:
    return render_template(
        "web/curricula/file-actions.html",
        file=curriculum_file, form=form, may_rename=curriculum_file.name not in FIXED_NAMES,
        has_milestone=bool(milestone_of(curriculum_file.text)),
    )  # fmt: skip


def _form_page(template: str, form: NewForm, **context: str) -> str | tuple[str, int]:
    page = render_template(template, form=form, **context)
    return (page, 422) if form.is_submitted() else page


def _has_key(form: NewForm) -> bool:
    """Whether the form gives a key. A title without letters doesn't: then the ID is required."""
    if not form.chosen_key:
        form.key.errors = [INVALID_ID]
    return bool(form.chosen_key)


def _languages(files: CurriculumFiles, folder: str) -> tuple[Language, ...]:
    reading = dict(files.readings())[folder]
    return reading.curriculum.languages if reading.curriculum else ("en",)


def _starter_text(services: Services, files: CurriculumFiles, folder: str, file: str) -> str:
    """The content of one of the files with fixed names."""
    languages = _languages(files, folder)
    if file == FORMS_FILE:
        return new_forms(languages)
    if file == PROGRAMS_FILE:
        required = _required_credits(files, folder, ("program",))
        return new_programs(languages, services.now().year + 1, required)
    return new_sessions(languages, _required_credits(files, folder, SESSION_KINDS))


def _required_credits(
    files: CurriculumFiles, folder: str, kinds: tuple[CreditKind, ...]
) -> list[str]:
    """The keys of the credits of these kinds that milestones require."""
    curriculum = dict(files.readings())[folder].curriculum
    steps = curriculum.milestones if curriculum else ()
    needed = (required_keys(each.requirements, kind) for each in steps for kind in kinds)
    return sorted(set().union(*needed))
