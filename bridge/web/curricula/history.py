"""Earlier versions of a file, from git and from the copies that were kept, and the way back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import BadRequest, Conflict, NotFound
from werkzeug.wrappers import Response as Answer

from bridge.curriculum.editing.milestone_list import milestone_of, milestones_in
from bridge.curriculum.reader import TOP_FILE
from bridge.store.curricula import file_versions
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor, for_committee
from bridge.web.curricula.save_result import file_operation_response, save_response
from bridge.web.curricula.storage import git
from bridge.web.curricula.storage.curriculum_files import CurriculumFile, CurriculumFiles
from bridge.web.curricula.storage.file_operations import create
from bridge.web.curricula.storage.saving import save
from bridge.web.curricula.storage.text_diff import compare

ADDRESS = "/<folder>/<file>/history"


@dataclass(frozen=True, slots=True)
class Version:
    """One earlier text: `name` is a commit's hash, or `copy-` and the number of a kept copy.

    `called`: the file's name then, where git knows it by another.
    """

    name: str
    actor: str
    at: datetime
    note: str
    called: str = ""


def register_routes(pages: Blueprint, services: Services) -> None:
    """The list of versions, one of them, and the way back to it."""
    desk = CurriculumFiles(services.config)

    @pages.get(ADDRESS)
    @for_committee(chairs=False)
    def history(folder: str, file: str) -> str:
        sheet = _sheet(services, desk, folder, file)
        found = list(versions_of(services, sheet))
        return render_template("web/curricula/history.html", sheet=sheet, found=found)

    @pages.get(f"{ADDRESS}/<version>")
    @for_committee(chairs=False)
    def version(folder: str, file: str, version: str) -> str:
        sheet = _sheet(services, desk, folder, file)
        text = text_of(services, sheet, version)
        return render_template(
            "web/curricula/version.html", sheet=sheet, version=version,
            lines=list(compare(sheet.text, text)),
            may_save=current_visitor().may_edit and desk.may_write(folder),
        )  # fmt: skip

    _add_restoring(pages, services, desk)


def _add_restoring(pages: Blueprint, services: Services, desk: CurriculumFiles) -> None:
    @pages.post(f"{ADDRESS}/<version>")
    @for_committee(edit=True)
    def restore(folder: str, file: str, version: str) -> Answer | tuple[str, int]:
        sheet = _sheet(services, desk, folder, file)
        text = text_of(services, sheet, version)
        base = request.form.get("base", "")
        if len(base) != 64:
            raise BadRequest
        if not desk.may_write(folder):
            raise Conflict
        note = gettext("Back to an earlier version")
        if sheet.gone:
            came = create(
                services, desk, sheet.with_text(text),
                _place(services, desk, folder, milestone_of(text)),
                current_visitor(), note,
            )  # fmt: skip
            return file_operation_response(
                came, sheet, url_for("curricula.history", folder=folder, file=file)
            )
        saved = save(services, desk, sheet, text, base, current_visitor(), note)
        return save_response(saved, text, note)


def _sheet(services: Services, desk: CurriculumFiles, folder: str, file: str) -> CurriculumFile:
    """A file that is there, or one that was. Answers 404 for another."""
    if file in desk.files(folder):
        return desk.open(folder, file)
    sheet = desk.absent(folder, file)
    if not any(versions_of(services, sheet)):
        raise NotFound
    return sheet


def _place(services: Services, desk: CurriculumFiles, folder: str, key: str) -> str | None:
    """After which milestone one stood before it went: '' for the first, None if nobody knows."""
    top = desk.open(folder, TOP_FILE)
    now = milestones_in(top.text)
    for version in versions_of(services, top):
        then = milestones_in(text_of(services, top, version.name))
        if key in then:
            before = [each for each in then[: then.index(key)] if each in now]
            return before[-1] if before else ""
    return None


def versions_of(services: Services, sheet: CurriculumFile) -> Iterator[Version]:
    """Newest first."""
    with services.database.reading() as session:
        copies = [
            Version(f"copy-{each.id}", each.actor, each.at, each.note)
            for each in file_versions.versions_of(session, sheet.folder, sheet.name)
        ]
    found = [*copies, *_commits(sheet)]
    yield from sorted(found, key=lambda each: each.at, reverse=True)


def _commits(sheet: CurriculumFile) -> Iterator[Version]:
    try:
        for each in git.log(sheet.path):
            called = PurePosixPath(each.path).name
            other = called if called != sheet.name else ""
            yield Version(each.sha, each.actor, each.at, each.note, other)
    except git.GitError:
        return


def text_of(services: Services, sheet: CurriculumFile, version: str) -> str:
    """Of one of this file's versions; answers 404 for another."""
    if re.fullmatch(r"copy-\d{1,18}", version):
        with services.database.reading() as session:
            kept = file_versions.find_version(session, int(version.removeprefix("copy-")))
            if kept is None or (kept.curriculum, kept.file) != (sheet.folder, sheet.name):
                raise NotFound
            return kept.text
    if not re.fullmatch(r"[0-9a-f]{40,64}", version):
        raise NotFound
    try:
        commit = next((each for each in git.log(sheet.path) if each.sha == version), None)
        content = git.text_at(sheet.path.parent, commit) if commit else None
    except git.GitError:
        content = None
    if content is None:
        raise NotFound
    return replace(sheet, content=content).text


def kept_names(services: Services, folder: str) -> set[str]:
    """The names of the files of a curriculum that copies are kept of."""
    with services.database.reading() as session:
        return file_versions.files_of(session, folder)
