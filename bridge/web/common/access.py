"""Guards every route: before its function runs, the table of rights must let the visitor in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ParamSpec, TypeVar, cast

from flask import Flask, current_app, g, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import Forbidden, NotFound, Unauthorized
from werkzeug.wrappers import Response

from bridge.access.decisions import is_public
from bridge.access.rights import RIGHTS, Right
from bridge.store.members import queries as members
from bridge.store.members.matching import email_key
from bridge.store.persons import former_addresses, records
from bridge.store.persons.records import MAX_ID
from bridge.store.tables.members import Member
from bridge.web.common import subjects
from bridge.web.common.services import current_services
from bridge.web.common.visitor import current_visitor

P = ParamSpec("P")
R = TypeVar("R")
EXTENSION_KEY = "stewardpath.rights"


def open_to(right: Right, *, subject: str = "") -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let only visitors with this right open a page. Others must sign in, or are refused (403).

    With `subject`, the page is about one object, and they need the right for this one; others get
    404. `open_to("session-roster", subject="session")` guards `/sessions/<int:session>`, and asks
    the function for `session` in the `subjects` of a feature.

    Without it, a page about one region or member must keep to `visible_regions()` and answer 404
    for everything else. If nobody has the right for their own record, the pages at and below
    `/…/<int:member>` refuse the visitor's own. A page about several members leaves out
    `own_members`.
    """

    def mark(view: Callable[P, R]) -> Callable[P, R]:
        view.right, view.subject = right, subject  # type: ignore[attr-defined]
        return view

    return mark


def for_members(view: Callable[P, R]) -> Callable[P, R]:
    """Let only signed-in members open a page of their own."""
    return open_to("own-pages")(view)


def init_app(app: Flask, open_routes: Mapping[str, Right]) -> None:
    """Guard all routes. `open_routes`: the rights of routes without a mark, by endpoint."""
    app.extensions[EXTENSION_KEY] = open_routes
    app.before_request(_guard)


def right_of(app: Flask, endpoint: str) -> Right | None:
    """The right that a route needs. None if it declares none: it is closed to everyone."""
    open_routes = cast("Mapping[str, Right]", app.extensions[EXTENSION_KEY])
    marked = getattr(app.view_functions.get(endpoint), "right", None)
    return cast("Right | None", marked or open_routes.get(endpoint))


def may_open(endpoint: str) -> bool:
    """Whether the visitor has the right that this page needs, so that a link to it is of use."""
    right = right_of(current_app, endpoint)
    return right is not None and current_visitor().may(right)


def visible_regions() -> frozenset[str] | None:
    """The regions that this page may show to the visitor; None for all and members without one."""
    return current_visitor().regions(cast(Right, g.right)) if "right" in g else frozenset()


def sees_region(region: str) -> bool:
    """Whether this page may show members of that region to the visitor."""
    visible = visible_regions()
    return visible is None or region in visible


def _guard() -> Response | None:
    if request.endpoint is None:
        return None  # no such address: the error page
    right = right_of(current_app, request.endpoint)
    if right is None:
        raise Forbidden(f"{request.endpoint} declares no right.")
    g.right = right
    if is_public(right):
        return None
    visitor = current_visitor()
    if not visitor.signed_in:
        if request.method != "GET":
            raise Unauthorized("Sign in first.")
        return redirect(url_for("signin.form", next=request.full_path.rstrip("?")), 303)
    kind = getattr(current_app.view_functions[request.endpoint], "subject", "")
    if kind:
        _guard_object(right, kind)
    elif not visitor.may(right) or _is_own_record(right):
        raise Forbidden
    return None


def _is_own_record(right: Right) -> bool:
    """Whether the page would change the visitor's own member record, and the right forbids it."""
    number = (request.view_args or {}).get("member")
    if not RIGHTS[right].not_for_own or not isinstance(number, int) or number > MAX_ID:
        return False
    with current_services().database.reading() as session:
        member = members.members_by_ids(session, [number]).get(number)
        return member is not None and is_own(session, member)


def _guard_object(right: Right, kind: str) -> None:
    name = f"{kind}:{(request.view_args or {})[kind]}"
    with current_services().database.reading() as session:
        if not subjects.may_for(session, current_visitor(), right, name):
            raise NotFound


def is_own(session: Session, member: Member) -> bool:
    """Whether the visitor is this member: by their login, or by an address that the member has or
    had.

    A login may be older than the member record with its address, or than a change of the address.
    """
    visitor = current_visitor()
    if member.id == visitor.member_id or member.email_key == email_key(visitor.email):
        return True
    return former_addresses.member_had(session, member.id, visitor.email)


def is_own_person(session: Session, person_id: int) -> bool:
    """Whether the visitor is this person: as the member, or by an address they have or had."""
    person, visitor = records.find(session, person_id), current_visitor()
    if person is None:
        return False
    mine = person.member_id is not None and person.member_id == visitor.member_id
    if mine or person.email_key == email_key(visitor.email):
        return True
    return former_addresses.person_had(session, person, visitor.email)


def own_members(session: Session) -> frozenset[int]:
    """The IDs of the member records that are the visitor's: see `is_own`."""
    visitor = current_visitor()
    same_address = members.ids_with_email(session, visitor.email)
    former = former_addresses.members_who_had(session, visitor.email)
    return frozenset({*same_address, *former, visitor.member_id or 0})
