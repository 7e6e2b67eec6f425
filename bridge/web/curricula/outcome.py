"""What somebody sees after saving: the editor again, or both texts where two have written."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from bridge.web.curricula.comparing import compare
from bridge.web.curricula.saving import Saved


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


def _said(saved: Saved) -> tuple[str, str]:
    """The sentence, and its kind for Bootstrap's alerts."""
    if saved.fate == "same":
        return str(gettext("Nothing was different, so nothing was saved.")), "info"
    if saved.trouble:
        why = saved.trouble[:300]
        text = gettext("Saved, with a kept copy. Git did not take it: %(why)s", why=why)
        return str(text), "warning"
    return str(gettext("Saved.")), "success"
