"""Who may sign off what."""

from __future__ import annotations

from bridge.store.members.lookup import Part
from bridge.workflows.signoffs.permits import COMMITTEE, Permit, allowed, scope_for
from tests.workflows.signoffs.sample_list import PATH

CHAIR = (Permit("chair", Part(frozenset({"north"}))),)
LEADER = (Permit("leader", Part(ids=frozenset({1}))),)


def test_the_committee_may_sign_off_everything() -> None:
    assert allowed([PATH], COMMITTEE) == [(PATH.key, "walk"), (PATH.key, "talk")]
    assert scope_for([PATH], PATH.key, "walk", COMMITTEE) == (Part(),)


def test_others_may_what_the_curriculum_allows() -> None:
    assert allowed([PATH], CHAIR) == [(PATH.key, "talk")]
    assert allowed([PATH], LEADER) == []
    both = (*CHAIR, *LEADER)
    assert scope_for([PATH], PATH.key, "talk", both) == (CHAIR[0].people,)
    assert scope_for([PATH], PATH.key, "walk", both) == ()
    assert scope_for([PATH], PATH.key, "gone", both) == ()
    assert scope_for([PATH], "other", "talk", COMMITTEE) == ()
