"""Earlier versions of a file, from git and from saved copies, and restoring them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import PurePosixPath

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import BadRequest, Conflict, NotFound
from werkzeug.wrappers import Response as Answer

from bridge.curriculum.editing.milestone_list import milestone_of, milestones_in
from bridge.curriculum.reader import TOP_FILE
from bridge.printable_text import visible
from bridge.store.curricula import file_versions
from bridge.web.common.access import open_to
from bridge.web.common.limits.costly_pages import Places, costly
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.web.curricula.save_result import file_operation_response, save_response
from bridge.web.curricula.storage import git
from bridge.web.curricula.storage.curriculum_files import CurriculumFile, CurriculumFiles
from bridge.web.curricula.storage.file_operations import create_file
from bridge.web.curricula.storage.saving import save
from bridge.web.curricula.storage.text_diff import compare

HISTORY_PATH = "/<folder>/<file>/history"


@dataclass(frozen=True, slots=True)
class Version:
    """An earlier version. `name`: a commit's hash, or `copy-` and the ID of a saved copy.

    `former_name`: the file's name at that time if it was different, else ''.
    """

    name: str
    actor: str
    at: datetime
    note: str
    former_name: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """All versions of a file, newest first. `git_error`: why git's are missing, or ''."""

    versions: Sequence[Version]
    git_error: str = ""


def register_routes(pages: Blueprint, services: Services, places: Places) -> None:
    """Add the list of versions, the page of a version, and restoring it."""
    files = CurriculumFiles(services.config)

    @pages.get(HISTORY_PATH)
    @open_to("curricula")
    def history(folder: str, file: str) -> str:
        curriculum_file = _current_or_deleted_file(services, files, folder, file)
        found = history_of(services, curriculum_file)
        return render_template(
            "web/curricula/history.html",
            file=curriculum_file, versions=found.versions, git_error=found.git_error,
        )  # fmt: skip

    @pages.get(f"{HISTORY_PATH}/<version>")
    @open_to("curricula")
    @costly(places)
    def version(folder: str, file: str, version: str) -> str:
        curriculum_file = _current_or_deleted_file(services, files, folder, file)
        text = text_of(services, curriculum_file, version)
        return render_template(
            "web/curricula/version.html", file=curriculum_file, version=version,
            lines=list(compare(curriculum_file.text, text)),
            may_save=current_visitor().may("curricula-edit") and files.may_write(folder),
        )  # fmt: skip

    _add_restore_route(pages, services, files)


def _add_restore_route(pages: Blueprint, services: Services, files: CurriculumFiles) -> None:
    @pages.post(f"{HISTORY_PATH}/<version>")
    @open_to("curricula-edit")
    def restore(folder: str, file: str, version: str) -> Answer | tuple[str, int]:
        curriculum_file = _current_or_deleted_file(services, files, folder, file)
        text = text_of(services, curriculum_file, version)
        base = request.form.get("base", "")
        if len(base) != 64:
            raise BadRequest
        if not files.may_write(folder):
            raise Conflict
        note = gettext("Restored an earlier version")
        if curriculum_file.deleted:
            result = create_file(
                services, files, curriculum_file.with_text(text),
                _former_position(services, files, folder, milestone_of(text)),
                current_visitor(), note,
            )  # fmt: skip
            return file_operation_response(
                result, curriculum_file, url_for("curricula.history", folder=folder, file=file)
            )
        saved = save(services, files, curriculum_file, text, base, current_visitor(), note)
        return save_response(saved, text, note)


def _current_or_deleted_file(
    services: Services, files: CurriculumFiles, folder: str, file: str
) -> CurriculumFile:
    """The file, also if it was deleted. Raises NotFound if it never existed."""
    if file in files.list_files(folder):
        return files.open(folder, file)
    curriculum_file = files.absent(folder, file)
    if not history_of(services, curriculum_file).versions:
        raise NotFound
    return curriculum_file


def _former_position(
    services: Services, files: CurriculumFiles, folder: str, key: str
) -> str | None:
    """The milestone that a deleted one came after: '' if it was first, None if unknown."""
    top = files.open(folder, TOP_FILE)
    current = milestones_in(top.text)
    for version in history_of(services, top).versions:
        earlier = milestones_in(text_of(services, top, version.name))
        if key in earlier:
            before = [each for each in earlier[: earlier.index(key)] if each in current]
            return before[-1] if before else ""
    return None


def history_of(services: Services, curriculum_file: CurriculumFile) -> History:
    """All versions of a file: the saved copies, and the commits as far as git can be read."""
    with services.database.reading() as session:
        found = [
            Version(f"copy-{each.id}", visible(each.actor), each.at, visible(each.note))
            for each in file_versions.versions_of(
                session, curriculum_file.folder, curriculum_file.name
            )
        ]
    git_error = ""
    try:
        if git.is_in_git(curriculum_file.path.parent):
            found += map(partial(_version, curriculum_file), git.log(curriculum_file.path))
    except git.GitError as error:
        git_error = error.reason
    return History(sorted(found, key=lambda each: each.at, reverse=True), git_error)


def _version(curriculum_file: CurriculumFile, commit: git.Commit) -> Version:
    name = PurePosixPath(commit.path).name
    former_name = visible(name) if name != curriculum_file.name else ""
    return Version(commit.sha, commit.actor, commit.at, commit.note, former_name)


def text_of(services: Services, curriculum_file: CurriculumFile, version: str) -> str:
    """The text of a version. Raises NotFound if the file has no such version."""
    if re.fullmatch(r"copy-\d{1,18}", version):
        with services.database.reading() as session:
            copy = file_versions.find_version(session, int(version.removeprefix("copy-")))
            if copy is None or (copy.curriculum, copy.file) != (
                curriculum_file.folder,
                curriculum_file.name,
            ):
                raise NotFound
            return copy.text
    if not re.fullmatch(r"[0-9a-f]{40,64}", version):
        raise NotFound
    try:
        commit = next((each for each in git.log(curriculum_file.path) if each.sha == version), None)
        content = git.text_at(curriculum_file.path.parent, commit) if commit else None
    except git.GitError:
        content = None
    if content is None:
        raise NotFound
    return replace(curriculum_file, content=content).text


def names_of_saved_files(services: Services, folder: str) -> set[str]:
    """The names of a curriculum's files that have saved copies."""
    with services.database.reading() as session:
        return file_versions.files_of(session, folder)
