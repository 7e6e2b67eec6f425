"""Responses after saving: the editor again, or a page that says why nothing was saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from bridge.messages import Message
from bridge.web.curricula.storage.curriculum_files import CurriculumFile
from bridge.web.curricula.storage.file_operations import FileOperationResult, FileOperationStatus
from bridge.web.curricula.storage.saving import SaveResult
from bridge.web.curricula.storage.text_diff import compare
from bridge.web.layout.translation import translate

HTTP_STATUSES: Mapping[FileOperationStatus, int] = {
    "done": 303,
    "taken": 409,
    "wrong": 422,
    "unlisted": 409,
    "conflict": 409,
}


def save_response(saved: SaveResult, mine: str, note: str) -> Answer | tuple[str, int]:
    """A redirect to the editor, or the conflict page (409)."""
    curriculum_file = saved.current
    if saved.status == "conflict":
        lines = list(compare(curriculum_file.text, mine))
        page = render_template(
            "web/curricula/conflict.html", file=curriculum_file, mine=mine, note=note, lines=lines
        )
        return page, 409
    flash(*_saved_message(saved))
    return redirect(
        url_for("curricula.edit", folder=curriculum_file.folder, file=curriculum_file.name), 303
    )


def file_operation_response(
    result: FileOperationResult, curriculum_file: CurriculumFile, back: str
) -> Answer | tuple[str, int]:
    """A redirect to the file, or a page that says why nothing was done (409 or 422).

    `back`: the address of the form.
    """
    if result.status == "done":
        flash(*with_git_error(result.git_error, str(gettext("Done."))))
        return redirect(
            url_for("curricula.edit", folder=curriculum_file.folder, file=curriculum_file.name), 303
        )
    page = render_template(
        "web/curricula/not-saved.html", result=result, file=curriculum_file, back=back
    )
    return page, HTTP_STATUSES[result.status]


def _saved_message(saved: SaveResult) -> tuple[str, str]:
    """The message, and the Bootstrap class of its alert."""
    match saved.status:
        case "same":
            return str(gettext("No changes to save.")), "info"
        case "saved":
            return with_git_error(saved.git_error, str(gettext("Saved.")))
        case "conflict":
            raise AssertionError("a conflict has its own page")
        case _:
            assert_never(saved.status)


def with_git_error(git_error: str, message: str) -> tuple[str, str]:
    if not git_error:
        return message, "success"
    warning = Message(
        "Saved, but not committed to git. A copy was kept. Git reports: %(why)s",
        why=git_error,
    )
    return translate(warning), "warning"
