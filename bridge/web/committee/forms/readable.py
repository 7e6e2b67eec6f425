"""Which sent forms the visitor reads."""

from __future__ import annotations

from collections.abc import Collection

from bridge.access.form_readers import FORM_RIGHTS
from bridge.web.common.visitor import current_visitor


def readable_rights() -> Collection[str]:
    """The rights that the visitor has for every form that takes them; '' for ordinary forms."""
    visitor = current_visitor()
    ordinary = [""] if visitor.regions("sent-forms") is None else []
    return [*ordinary, *(right for right in FORM_RIGHTS if visitor.regions(right) is None)]
