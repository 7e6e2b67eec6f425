"""Publishing what is under consultation needs the approval of those who decide."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest

from bridge.consultations import opening
from bridge.consultations.answers import answering
from bridge.consultations.approvals import publishing_problems
from bridge.consultations.drafts import fingerprint
from bridge.consultations.invitations import inviting
from bridge.curriculum.model import Curriculum
from bridge.curriculum.requirements.signoff import SignedOff
from bridge.errors import ConsultationError
from bridge.foundations.feature import Context
from tests.consultations.environment import MILESTONE, Consultations, revised
from tests.web.sample_site import PATH, english


@pytest.fixture
def number(consultations: Consultations) -> int:
    """A consultation that Ann and Bob decide about."""
    number = consultations.open()
    consultations.invite(number, consultations.group(number, "Board", "decides"), "ann", "bob")
    return number


def test_it_names_those_who_are_missing(consultations: Consultations, number: int) -> None:
    assert "Ann (Board), Bob (Board)" in _problem(consultations)
    _decide(consultations, number, "ann", "approved")
    assert "Ann" not in _problem(consultations)
    assert "Bob (Board)" in _problem(consultations)
    _decide(consultations, number, "bob", "approved")
    assert _problem(consultations) == ""


def test_an_approval_is_about_one_text(consultations: Consultations, number: int) -> None:
    for name in ("ann", "bob"):
        _decide(consultations, number, name, "approved")
    consultations.shelf[:] = [revised("Something else")]
    assert "Ann (Board), Bob (Board)" in _problem(consultations)
    with consultations.database.transaction() as session:
        assert inviting.ask_for_approval(session, consultations.office, number) == 2
    assert len(consultations.emails("consultation-approval")) == 2
    consultations.shelf[:] = [PATH]
    assert _problem(consultations) == ""


def test_a_decision_about_an_older_text_is_refused(
    consultations: Consultations, number: int
) -> None:
    read = fingerprint(PATH, MILESTONE)
    consultations.shelf[:] = [revised("Something else")]
    with pytest.raises(ConsultationError, match="has changed"):
        _decide(consultations, number, "ann", "approved", text=read)


def test_an_approval_can_be_taken_back_and_a_refusal_has_a_reason(
    consultations: Consultations, number: int
) -> None:
    _decide(consultations, number, "ann", "approved")
    _decide(consultations, number, "ann", "")
    assert "Ann (Board)" in _problem(consultations)
    with pytest.raises(ConsultationError, match="say why"):
        _decide(consultations, number, "ann", "refused")


def test_a_group_without_people_holds_it_back_too(consultations: Consultations) -> None:
    number = consultations.open()
    consultations.group(number, "Board", "decides")
    assert "(Board)" in _problem(consultations)


def test_groups_that_do_not_decide_hold_nothing_back(consultations: Consultations) -> None:
    number = consultations.open()
    consultations.invite(number, consultations.group(number), "ann")
    assert _problem(consultations) == ""
    with pytest.raises(ConsultationError, match="not for approval"):
        _decide(consultations, number, "ann", "approved")


def test_finishing_is_no_way_around_them(consultations: Consultations, number: int) -> None:
    consultations.close(number)
    with pytest.raises(ConsultationError, match="Ann"), consultations.database.transaction() as s:
        opening.finish(s, consultations.office, number)


def test_who_signs_off_is_part_of_the_text() -> None:
    def text(requirement: SignedOff) -> str:
        first = replace(PATH.milestones[0], requirements=(requirement,))
        return fingerprint(replace(PATH, milestones=(first,)), MILESTONE)

    walk = english("Walk")
    texts = {
        text(SignedOff("walk", walk)),
        text(SignedOff("walk", walk, frozenset({"chair", "leader"}))),
        text(SignedOff("run", walk)),
    }
    assert len(texts) == 3
    leaders = frozenset({"leader", "chair"})
    assert text(SignedOff("walk", walk, leaders)) in texts


def test_a_copy_under_another_key_is_held_back_too(
    consultations: Consultations, number: int
) -> None:
    copy = replace(PATH, key="a-new-path")
    assert "Ann (Board)" in _problem(consultations, copy)
    other = replace(PATH.milestones[0], expectations=(english("Something else"),))
    assert _problem(consultations, replace(copy, milestones=(other,))) == ""
    for name in ("ann", "bob"):
        _decide(consultations, number, name, "approved")
    assert _problem(consultations, copy) == ""


def _decide(
    consultations: Consultations,
    number: int,
    name: str,
    decision: Literal["approved", "refused", ""],
    text: str = "",
) -> None:
    now = text or fingerprint(consultations.shelf[0], MILESTONE)
    with consultations.database.transaction() as session:
        place = consultations.place(session, number, name)
        answering.decide(session, consultations.office, place, decision, now)


def _problem(consultations: Consultations, curriculum: Curriculum | None = None) -> str:
    with consultations.database.reading() as session:
        context = Context(
            session, consultations.config, consultations.shelf, "en", consultations.clock()
        )
        return " ".join(publishing_problems(context, curriculum or consultations.shelf[0]))
