"""The visitor as someone who changes members."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from bridge.access.rights import CONFIDENTIAL, Right
from bridge.web.common.access import own_members
from bridge.web.common.services import Services
from bridge.web.common.visitor import current_visitor
from bridge.workflows.member_changes.outcome import Editor


def current_editor(services: Services, session: Session, accepted: Collection[int] = ()) -> Editor:
    """The visitor. `accepted`: the similar members that they have said are other people."""
    return Editor(
        current_visitor().email, services.now(), tuple(services.curricula),
        services.config.regions, own_members(session), accepted,
    )  # fmt: skip


def confidential_rights_of_visitor() -> list[Right]:
    """The confidential rights that the visitor has for everything."""
    visitor = current_visitor()
    return [each for each in CONFIDENTIAL if visitor.regions(each) is None]
