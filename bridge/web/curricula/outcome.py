"""What somebody sees after saving: the editor again, or both texts where two have written."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from bridge.sentences import Quote, Sentence
from bridge.web.curricula.comparing import compare
from bridge.web.curricula.desk import Sheet
from bridge.web.curricula.filing import Filed
from bridge.web.curricula.saving import Saved
from bridge.web.sentences import said


def outcome(saved: Saved, mine: str, note: str) -> Answer | tuple[str, int]:
    """A redirect to the editor, or the page of the conflict (409)."""
    sheet = saved.there
    if saved.fate == "conflict":
        lines = list(compare(sheet.text, mine))
        page = render_template(
            "web/curricula/conflict.html", sheet=sheet, mine=mine, note=note, lines=lines
        )
        return page, 409
    flash(*_said(saved))
    return redirect(url_for("curricula.edit", folder=sheet.folder, file=sheet.name), 303)


def filed(came: Filed, sheet: Sheet, back: str) -> Answer | tuple[str, int]:
    """A redirect to the file and its sentence; or why it was not done (409 or 422). `back`
    leads to where it was asked for."""
    if came.fate == "done":
        flash(*_kept(came.trouble, str(gettext("Done."))))
        return redirect(url_for("curricula.edit", folder=sheet.folder, file=sheet.name), 303)
    page = render_template("web/curricula/refused.html", came=came, sheet=sheet, back=back)
    return page, 422 if came.fate == "wrong" else 409


def _said(saved: Saved) -> tuple[str, str]:
    """The sentence, and its kind for Bootstrap's alerts."""
    if saved.fate == "same":
        return str(gettext("Nothing was different, so nothing was saved.")), "info"
    return _kept(saved.trouble, str(gettext("Saved.")))


def _kept(trouble: str, done: str) -> tuple[str, str]:
    if not trouble:
        return done, "success"
    kept = Sentence(
        "Saved, with a kept copy. Git did not take it: %(why)s", why=Quote(trouble[:300])
    )
    return said(kept), "warning"
