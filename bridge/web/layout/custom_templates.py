"""A union's own templates, which come before the shipped ones."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, TemplateNotFound

from bridge.logs import event
from bridge.resources import resource

Source = tuple[str, str | None, Callable[[], bool] | None]
NEW_NAMES = {
    "web/home.html": "web/public/home.html",
    "web/landing.html": "web/public/milestone.html",
    "web/welcome.html": "web/public/welcome.html",
    "web/parts.html": "web/public/parts.html",
    "web/contact/form.html": "web/public/contact/form.html",
    "web/contact/thanks.html": "web/public/contact/thanks.html",
    "web/lessons/base.html": "web/public/lessons/base.html",
    "web/lessons/page.html": "web/public/lessons/page.html",
    "web/lessons/question.html": "web/public/lessons/question.html",
    "web/lessons/quiz.html": "web/public/lessons/quiz.html",
    "web/demo/mail.html": "web/public/demo-mailbox.html",
    "web/join/confirm.html": "web/signup/confirm.html",
    "web/join/done.html": "web/signup/done.html",
    "web/join/form.html": "web/signup/form.html",
    "web/join/sent.html": "web/signup/sent.html",
    "web/join/stale.html": "web/signup/expired.html",
    "web/signin/stale.html": "web/signin/expired.html",
    "web/me/address.html": "web/me/email-change.html",
    "web/me/address-sent.html": "web/me/email-change-sent.html",
    "web/me/address-stale.html": "web/me/email-change-expired.html",
    "web/me/correct.html": "web/me/edit-details.html",
    "web/me/data.html": "web/me/personal-data.html",
    "web/me/leave.html": "web/me/erase.html",
    "web/me/path.html": "web/me/progress.html",
    "web/committee/overview.html": "web/committee/dashboard.html",
    "web/committee/rewrite.html": "web/committee/quiz-report.html",
    "web/committee/rewriting.html": "web/committee/quiz-statistics.html",
    "web/committee/uncounted.html": "web/committee/no-statistics.html",
    "web/curricula/begin.html": "web/curricula/new-curriculum.html",
    "web/curricula/comparison.html": "web/curricula/diff.html",
    "web/curricula/create.html": "web/curricula/new-milestone.html",
    "web/curricula/gone.html": "web/curricula/deleted-files.html",
    "web/curricula/manage.html": "web/curricula/file-actions.html",
    "web/curricula/plan.html": "web/curricula/publish.html",
    "web/curricula/refused.html": "web/curricula/not-saved.html",
    "web/curricula/unseen.html": "web/curricula/no-preview.html",
}
"""Old name to new name. Remove this in the next release."""
OLD_NAMES = {new: old for old, new in NEW_NAMES.items()}
log = logging.getLogger(__name__)


def template_loader(own: Path | None) -> BaseLoader:
    """Load templates from the union's folder, if it has one, and else the shipped ones.

    Renamed templates still work under their old names: as files in the union's folder (with a
    warning in the log) and in its `extends` and `import` lines.
    """
    shipped = FileSystemLoader(resource("templates"))
    old_references = _RenamingLoader(shipped, NEW_NAMES)
    if own is None:
        return ChoiceLoader([shipped, old_references])
    custom = FileSystemLoader(own)
    old_files = _RenamingLoader(custom, OLD_NAMES, warn=True)
    return ChoiceLoader([custom, old_files, shipped, old_references])


class _RenamingLoader(BaseLoader):
    """Finds a template under another name. `names`: the name asked for to the name tried."""

    def __init__(self, loader: BaseLoader, names: Mapping[str, str], *, warn: bool = False) -> None:
        self._loader, self._names, self._warn = loader, names, warn

    def get_source(self, environment: Environment, template: str) -> Source:
        other = self._names.get(template)
        if other is None:
            raise TemplateNotFound(template)
        source = self._loader.get_source(environment, other)
        if self._warn:
            event(log, "template.renamed", level=logging.WARNING, old=other, new=template)
        return source
