"""Earlier versions of a file, from git and from the copies that were kept, and the way back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template, request
from flask_babel import gettext
from werkzeug.exceptions import BadRequest, Conflict, NotFound
from werkzeug.wrappers import Response as Answer

from bridge.store import versions
from bridge.web.collaborators import Collaborators
from bridge.web.curricula import git
from bridge.web.curricula.comparing import compare
from bridge.web.curricula.desk import Desk, Sheet, unified
from bridge.web.curricula.outcome import outcome
from bridge.web.curricula.saving import save
from bridge.web.identity import for_committee, visitor


@dataclass(frozen=True, slots=True)
class Version:
    """One earlier text: `name` is a commit's hash, or `copy-` and the number of a kept copy."""

    name: str
    who: str
    at: datetime
    note: str


def add(pages: Blueprint, house: Collaborators) -> None:
    """The list of versions, one of them, and the way back to it."""
    desk = Desk(house.config)
    address = "/<folder>/<file>/history"

    @pages.get(address)
    @for_committee(chairs=False)
    def history(folder: str, file: str) -> str:
        sheet = desk.open(folder, file)
        found = list(_versions(house, sheet))
        return render_template("web/curricula/history.html", sheet=sheet, found=found)

    @pages.get(f"{address}/<version>")
    @for_committee(chairs=False)
    def version(folder: str, file: str, version: str) -> str:
        sheet = desk.open(folder, file)
        text = _text(house, sheet, version)
        return render_template(
            "web/curricula/version.html", sheet=sheet, version=version,
            lines=list(compare(sheet.text, text)), may_save=visitor().may_edit and desk.writable,
        )  # fmt: skip

    @pages.post(f"{address}/<version>")
    @for_committee(edit=True)
    def restore(folder: str, file: str, version: str) -> Answer | tuple[str, int]:
        sheet = desk.open(folder, file)
        text = _text(house, sheet, version)
        base = request.form.get("base", "")
        if len(base) != 64:
            raise BadRequest
        if not desk.writable:
            raise Conflict
        note = gettext("Back to an earlier version")
        saved = save(house, desk, sheet, text, base, visitor(), note)
        return outcome(saved, text, note)


def _versions(house: Collaborators, sheet: Sheet) -> Iterator[Version]:
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
            yield Version(each.sha, each.who, each.at, each.note)
    except git.GitFailed:
        return


def _text(house: Collaborators, sheet: Sheet, version: str) -> str:
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
        content = git.text_at(sheet.path, version)
    except git.GitFailed:
        raise NotFound from None
    return unified(content.decode("utf-8-sig", errors="replace"))
