"""How someone gets to their page of a consultation: by a personal link, or signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flask import make_response, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from bridge.consultations.answers.answering import Place, find_place
from bridge.consultations.sending import LINK_PURPOSE
from bridge.foundations.owners import owner_of_member
from bridge.store.persons import personal_links
from bridge.web.common.visitor import current_visitor


class Way(Protocol):
    """`address`: of the page. `approval`: where a decision is posted."""

    @property
    def address(self) -> str: ...

    @property
    def approval(self) -> str: ...

    def find(self, session: Session) -> Place | None:
        """The visitor's place; None if the link or the invitation isn't valid any more.

        Raises NotFound.
        """


@dataclass(frozen=True, slots=True)
class ByLink:
    """With the link of an email, without an account."""

    token: str
    now: datetime

    @property
    def address(self) -> str:
        return url_for("consultations.by_link", token=self.token)

    @property
    def approval(self) -> str:
        return url_for("consultations.approve", token=self.token)

    def find(self, session: Session) -> Place | None:
        link = personal_links.find(session, self.token, self.now)
        if link is None or link.purpose != LINK_PURPOSE or not link.subject.isdecimal():
            return None
        return _detached(session, find_place(session, int(link.subject), link.person_id))


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A member who was invited, by the number of the consultation."""

    number: int

    @property
    def address(self) -> str:
        return url_for("consultations.mine", number=self.number)

    @property
    def approval(self) -> str:
        return url_for("consultations.approve_mine", number=self.number)

    def find(self, session: Session) -> Place | None:
        person_id = owner_of_member(session, current_visitor().member_id or 0).person_id
        place = find_place(session, self.number, person_id) if person_id else None
        if place is None:
            raise NotFound
        return _detached(session, place)


def expired(*, by_script: bool = False) -> Answer:
    """What a link shows that isn't valid any more."""
    page = "" if by_script else render_template("web/links/expired.html")
    return make_response(page, 410)


def _detached(session: Session, place: Place | None) -> Place | None:
    """The rows as they were read, also after the transaction."""
    if place is not None:
        session.expunge_all()
    return place
