"""The visitor of a request, and which pages they may open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Literal, ParamSpec, TypeVar, assert_never, cast

from flask import g, redirect, request, url_for
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response

from bridge.config import Config
from bridge.store.auth import logins
from bridge.store.auth.logins import LoginData
from bridge.store.members.matching import email_key
from bridge.web.common.services import Services, current_services

COOKIE = "stewardpath"
StaffRole = Literal["", "committee", "auditor"]
"""The role that the configuration gives; '' for none."""

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Visitor:
    """The person who opens a page. `email` is '' if they aren't signed in.

    `member_id` and `region` are set for members; `chairs` holds the regions whose training
    committee they chair.
    """

    email: str = ""
    member_id: int | None = None
    name: str = ""
    region: str = ""
    role: StaffRole = ""
    chairs: frozenset[str] = frozenset()

    @property
    def signed_in(self) -> bool:
        return bool(self.email)

    @property
    def may_edit(self) -> bool:
        """Whether they may change what the committee's pages show."""
        return self.role == "committee"

    @property
    def sees_all(self) -> bool:
        match self.role:
            case "committee" | "auditor":
                return True
            case "":
                return False
            case _:
                assert_never(self.role)

    @property
    def sees_committee(self) -> bool:
        """Whether they may open the committee's pages for at least one region."""
        return self.sees_all or bool(self.chairs)

    @property
    def scope(self) -> frozenset[str] | None:
        """The regions they see on the committee's pages; None means all and members without one."""
        return None if self.sees_all else self.chairs

    def sees(self, region: str) -> bool:
        """Whether they may see members of that region on the committee's pages."""
        return self.sees_all or region in self.chairs


ANONYMOUS = Visitor()


@dataclass(frozen=True, slots=True)
class Access:
    """Who may open a page. `name`: how messages and tests call them."""

    name: str
    allows: Callable[[Visitor], bool]


EVERYONE = Access("everyone", lambda _: True)
MEMBERS = Access("members", lambda actor: actor.member_id is not None)
"""Signed-in members; `current_visitor().member_id` is then set."""
COMMITTEE_AND_CHAIRS = Access("committee, auditors and chairs", lambda actor: actor.sees_committee)
"""The page must keep to `current_visitor().scope` and answer 404 for everything else."""
COMMITTEE_AND_AUDITORS = Access("committee and auditors", lambda actor: actor.sees_all)
COMMITTEE = Access("committee", lambda actor: actor.may_edit)


def current_visitor() -> Visitor:
    """The visitor of this request. One query if there is a login cookie. Raises StoreError."""
    if "visitor" not in g:
        g.visitor = ANONYMOUS  # also for the error page when the store fails
        token = request.cookies.get(COOKIE, "")
        if token:
            g.visitor = _find_visitor(current_services(), token)
    return cast(Visitor, g.visitor)


def _find_visitor(services: Services, token: str) -> Visitor:
    now = services.now()
    with services.database.reading() as session:
        found = logins.find_login(session, token, now)
    if found is None:
        return ANONYMOUS
    if now - found.seen_at > logins.RETENTION:
        with services.database.transaction() as session:
            logins.touch(session, token, now)
    return visitor_of(services.config, found)


def visitor_of(config: Config, found: LoginData) -> Visitor:
    """The visitor of a login. Roles come from the configuration each time."""
    return Visitor(
        email=found.email,
        member_id=found.member_id,
        name=found.name,
        region=found.region,
        role=role_of(config, found.email),
        chairs=chaired_regions(config, found.email),
    )


def role_of(config: Config, email: str) -> StaffRole:
    """The role that the configuration gives to an email address."""
    key = email_key(email)
    if key in map(email_key, config.committee):
        return "committee"
    return "auditor" if key in map(email_key, config.auditors) else ""


def chaired_regions(config: Config, email: str) -> frozenset[str]:
    """The regions whose training committee the person with that address chairs."""
    key = email_key(email)
    regions = config.regions.items()
    return frozenset(
        name for name, each in regions if each.chair and email_key(each.chair.email) == key
    )


def for_members(view: Callable[P, R]) -> Callable[P, R | Response]:
    """Let only signed-in members open a page."""
    return open_to(MEMBERS)(view)


def for_committee(
    *, edit: bool = False, chairs: bool = True
) -> Callable[[Callable[P, R]], Callable[P, R | Response]]:
    """Let only the committee and, without `edit`, auditors open a page.

    With `chairs` (and without `edit`) chairs may open it too. The page must then keep to
    `current_visitor().scope` and answer 404 for everything else.
    """
    readers = COMMITTEE_AND_CHAIRS if chairs else COMMITTEE_AND_AUDITORS
    return open_to(COMMITTEE if edit else readers)


def open_to(access: Access) -> Callable[[Callable[P, R]], Callable[P, R | Response]]:
    """Let only these visitors open a page. Others must sign in, or are refused (403)."""
    return lambda view: _guarded(view, access)


def _guarded(view: Callable[P, R], access: Access) -> Callable[P, R | Response]:
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
        actor = current_visitor()
        if access.allows(actor):
            return view(*args, **kwargs)
        if actor.signed_in:
            raise Forbidden
        wanted = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("signin.form", next=wanted), 303)

    return guarded
