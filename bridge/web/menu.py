"""The menu: single pages, and sections of the committee's pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, cast

from flask import Flask, current_app, request, url_for
from flask_babel import lazy_gettext

from bridge.access.rights import RIGHTS, Right
from bridge.access.roles import Role
from bridge.web.common.form_presence import has_forms, has_topics, may_sign_off
from bridge.web.common.visitor import Visitor, current_visitor

Section = Literal["members", "progress", "courses", "administration"]
SECTIONS: Mapping[Section, tuple[str, str]] = {
    "progress": (lazy_gettext("Progress"), "reports.who_is_where"),
    "members": (lazy_gettext("Members and contacts"), "members.index"),
    "courses": (lazy_gettext("Courses"), "curricula.index"),
    "administration": (lazy_gettext("Administration"), "failed_deliveries.index"),
}
"""In their order, after the pages without a section: the label, and the page that comes first."""


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One page of the menu, for those who may open it.

    Hidden while the application has no such endpoint, and while `shown` says so.
    """

    endpoint: str
    label: str
    access: Right
    section: Section | None = None
    shown: Callable[[], bool] = lambda: True

    @property
    def current(self) -> str:
        """The value of `aria-current`: the page itself, a page below it (`true`), or ''."""
        if request.endpoint == self.endpoint:
            return "page"
        is_above = self.endpoint == f"{request.blueprint}.index"
        return "true" if is_above and request.endpoint not in _endpoints() else ""


@dataclass(frozen=True, slots=True)
class MenuSection:
    """A section, with the pages in it that the visitor may open: two or more."""

    label: str
    entries: Sequence[MenuEntry]

    @property
    def current(self) -> str:
        """The value of `aria-current`: whether one of its pages is open."""
        return "true" if any(each.current for each in self.entries) else ""


ENTRIES = (
    MenuEntry("public.home", lazy_gettext("Home"), "public-pages"),
    MenuEntry("public.welcome", lazy_gettext("About the union"), "public-pages"),
    MenuEntry(
        "signup.form", lazy_gettext("Sign up"), "public-pages",
        shown=lambda: not current_visitor().signed_in,
    ),
    MenuEntry("sessions.index", lazy_gettext("Sessions"), "public-pages", shown=has_topics),
    MenuEntry("me.progress", lazy_gettext("My learning"), "own-pages"),
    MenuEntry("forms.index", lazy_gettext("Forms"), "own-pages", shown=has_forms),
    MenuEntry("me.data", lazy_gettext("My account"), "own-pages"),
    MenuEntry("access_pages.mine", lazy_gettext("My access"), "own-access"),
    MenuEntry("dashboard.index", lazy_gettext("Dashboard"), "statistics"),
    MenuEntry("reports.coverage", lazy_gettext("Coverage"), "statistics", "progress"),
    MenuEntry("signoffs.form", lazy_gettext("Sign-offs"), "sign-offs", "progress", may_sign_off),
    MenuEntry("role_lists.form", lazy_gettext("Roles"), "members-change", "members"),
    MenuEntry("curricula.index", lazy_gettext("Course content"), "curricula", "courses"),
    MenuEntry("team.index", lazy_gettext("Team"), "access", "administration"),
)  # fmt: skip
"""The menu without the list pages, which add their entries themselves."""
FIRST_PAGES = (
    MenuEntry("dashboard.index", "", "statistics"),
    MenuEntry("me.progress", "", "own-pages"),
    MenuEntry("access_pages.mine", "", "own-access"),
    MenuEntry("public.home", "", "public-pages"),
)
"""Where visitors are after signing in: the first of these pages that they may open."""
EXTENSION_KEY = "stewardpath.menu"


def init_app(app: Flask) -> None:
    """Start the menu; the list pages add their entries."""
    app.extensions[EXTENSION_KEY] = list(ENTRIES)


def add_entry(app: Flask, entry: MenuEntry) -> None:
    """Add an entry to the menu: after the others for the same roles, or else at the end."""
    entries: list[MenuEntry] = app.extensions[EXTENSION_KEY]
    roles = _roles(entry)
    similar = [place for place, each in enumerate(entries) if _roles(each) == roles]
    entries.insert(similar[-1] + 1 if similar else len(entries), entry)


def _roles(entry: MenuEntry) -> frozenset[Role]:
    return frozenset(RIGHTS[entry.access].cells)


def _entries() -> list[MenuEntry]:
    return cast("list[MenuEntry]", current_app.extensions[EXTENSION_KEY])


def _endpoints() -> set[str]:
    return {each.endpoint for each in _entries()}


def menu_of(actor: Visitor) -> list[MenuEntry | MenuSection]:
    """The menu of a visitor: the pages they may open, and the sections that have two or more."""
    found: list[MenuEntry | MenuSection] = []
    for section, group in groupby(sorted(_open_entries(actor), key=_place), key=_section):
        pages = list(group)
        if section is None or len(pages) == 1:
            found += pages
        else:
            found.append(MenuSection(SECTIONS[section][0], pages))
    return found


def _section(entry: MenuEntry) -> Section | None:
    return entry.section


def _place(entry: MenuEntry) -> tuple[int, bool]:
    if entry.section is None:
        return -1, False
    return list(SECTIONS).index(entry.section), entry.endpoint != SECTIONS[entry.section][1]


def _open_entries(actor: Visitor) -> Iterator[MenuEntry]:
    return (
        each
        for each in _entries()
        if actor.may(each.access) and each.endpoint in current_app.view_functions and each.shown()
    )


def first_page(actor: Visitor) -> str:
    """The address of the page that a visitor sees after signing in."""
    known = (each for each in FIRST_PAGES if each.endpoint in current_app.view_functions)
    return url_for(next(each.endpoint for each in known if actor.may(each.access)))
