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

from bridge.curriculum.listing import milestone_of, milestones_in
from bridge.curriculum.reader import TOP_FILE
from bridge.store import versions
from bridge.web.collaborators import Collaborators
from bridge.web.curricula import git
from bridge.web.curricula.comparing import compare
from bridge.web.curricula.desk import Desk, Sheet
from bridge.web.curricula.filing import create
from bridge.web.curricula.outcome import filed, outcome
from bridge.web.curricula.saving import save
from bridge.web.identity import for_committee, visitor

ADDRESS = "/<folder>/<file>/history"


@dataclass(frozen=True, slots=True)
class Version:
    """One earlier text: `name` is a commit's hash, or `copy-` and the number of a kept copy.

    `called`: the file's name then, where git knows it by another.
    """

    name: str
    who: str
    at: datetime
    note: str
    called: str = ""


def add(pages: Blueprint, house: Collaborators) -> None:
    """The list of versions, one of them, and the way back to it."""
    desk = Desk(house.config)

    @pages.get(ADDRESS)
    @for_committee(chairs=False)
    def history(folder: str, file: str) -> str:
        sheet = _sheet(house, desk, folder, file)
        found = list(versions_of(house, sheet))
        return render_template("web/curricula/history.html", sheet=sheet, found=found)

    @pages.get(f"{ADDRESS}/<version>")
    @for_committee(chairs=False)
    def version(folder: str, file: str, version: str) -> str:
        sheet = _sheet(house, desk, folder, file)
        text = text_of(house, sheet, version)
        return render_template(
            "web/curricula/version.html", sheet=sheet, version=version,
            lines=list(compare(sheet.text, text)),
            may_save=visitor().may_edit and desk.may_write(folder),
        )  # fmt: skip

    _add_restoring(pages, house, desk)


def _add_restoring(pages: Blueprint, house: Collaborators, desk: Desk) -> None:
    @pages.post(f"{ADDRESS}/<version>")
    @for_committee(edit=True)
    def restore(folder: str, file: str, version: str) -> Answer | tuple[str, int]:
        sheet = _sheet(house, desk, folder, file)
        text = text_of(house, sheet, version)
        base = request.form.get("base", "")
        if len(base) != 64:
            raise BadRequest
        if not desk.may_write(folder):
            raise Conflict
        note = gettext("Back to an earlier version")
        if sheet.gone:
            came = create(
                house, desk, sheet.with_text(text), _place(house, desk, folder, milestone_of(text)),
                visitor(), note,
            )  # fmt: skip
            return filed(came, sheet, url_for("curricula.history", folder=folder, file=file))
        saved = save(house, desk, sheet, text, base, visitor(), note)
        return outcome(saved, text, note)


def _sheet(house: Collaborators, desk: Desk, folder: str, file: str) -> Sheet:
    """A file that is there, or one that was. Answers 404 for another."""
    if file in desk.files(folder):
        return desk.open(folder, file)
    sheet = desk.absent(folder, file)
    if not any(versions_of(house, sheet)):
        raise NotFound
    return sheet


def _place(house: Collaborators, desk: Desk, folder: str, key: str) -> str | None:
    """After which milestone one stood before it went: '' for the first, None if nobody knows."""
    top = desk.open(folder, TOP_FILE)
    now = milestones_in(top.text)
    for version in versions_of(house, top):
        then = milestones_in(text_of(house, top, version.name))
        if key in then:
            before = [each for each in then[: then.index(key)] if each in now]
            return before[-1] if before else ""
    return None


def versions_of(house: Collaborators, sheet: Sheet) -> Iterator[Version]:
    """Newest first."""
    with house.database.reading() as session:
        copies = [
            Version(f"copy-{each.id}", each.who, each.at, each.note)
            for each in versions.versions_of(session, sheet.folder, sheet.name)
        ]
    found = [*copies, *_commits(sheet)]
    yield from sorted(found, key=lambda each: each.at, reverse=True)


def _commits(sheet: Sheet) -> Iterator[Version]:
    try:
        for each in git.log(sheet.path):
            called = PurePosixPath(each.path).name
            other = called if called != sheet.name else ""
            yield Version(each.sha, each.who, each.at, each.note, other)
    except git.GitFailed:
        return


def text_of(house: Collaborators, sheet: Sheet, version: str) -> str:
    """Of one of this file's versions; answers 404 for another."""
    if re.fullmatch(r"copy-\d{1,18}", version):
        with house.database.reading() as session:
            kept = versions.find_version(session, int(version.removeprefix("copy-")))
            if kept is None or (kept.curriculum, kept.file) != (sheet.folder, sheet.name):
                raise NotFound
            return kept.text
    if not re.fullmatch(r"[0-9a-f]{40,64}", version):
        raise NotFound
    try:
        commit = next((each for each in git.log(sheet.path) if each.sha == version), None)
        content = git.text_at(sheet.path.parent, commit) if commit else None
    except git.GitFailed:
        content = None
    if content is None:
        raise NotFound
    return replace(sheet, content=content).text


def kept_names(house: Collaborators, folder: str) -> set[str]:
    """The names of the files of a curriculum that copies are kept of."""
    with house.database.reading() as session:
        return versions.files_of(session, folder)
