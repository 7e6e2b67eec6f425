"""What somebody sees after saving: the editor again, or both texts where two have written."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from bridge.messages import Message, Quote
from bridge.web.curricula.storage.curriculum_files import CurriculumFile
from bridge.web.curricula.storage.file_operations import FileOperationResult
from bridge.web.curricula.storage.saving import SaveResult
from bridge.web.curricula.storage.text_diff import compare
from bridge.web.layout.translation import translate


def save_response(saved: SaveResult, mine: str, note: str) -> Answer | tuple[str, int]:
    """A redirect to the editor, or the page of the conflict (409)."""
    sheet = saved.there
    if saved.status == "conflict":
        lines = list(compare(sheet.text, mine))
        page = render_template(
            "web/curricula/conflict.html", sheet=sheet, mine=mine, note=note, lines=lines
        )
        return page, 409
    flash(*_said(saved))
    return redirect(url_for("curricula.edit", folder=sheet.folder, file=sheet.name), 303)


def file_operation_response(
    came: FileOperationResult, sheet: CurriculumFile, back: str
) -> Answer | tuple[str, int]:
    """A redirect to the file and its sentence; or why it was not done (409 or 422). `back`
    leads to where it was asked for."""
    if came.status == "done":
        flash(*_kept(came.trouble, str(gettext("Done."))))
        return redirect(url_for("curricula.edit", folder=sheet.folder, file=sheet.name), 303)
    page = render_template("web/curricula/refused.html", came=came, sheet=sheet, back=back)
    return page, 422 if came.status == "wrong" else 409


def _said(saved: SaveResult) -> tuple[str, str]:
    """The sentence, and its kind for Bootstrap's alerts."""
    if saved.status == "same":
        return str(gettext("Nothing was different, so nothing was saved.")), "info"
    return _kept(saved.trouble, str(gettext("Saved.")))


def _kept(trouble: str, done: str) -> tuple[str, str]:
    if not trouble:
        return done, "success"
    kept = Message(
        "Saved, with a kept copy. Git did not take it: %(why)s", why=Quote(trouble[:300])
    )
    return translate(kept), "warning"
