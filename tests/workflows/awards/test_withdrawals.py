"""Which awards a person must decide about when a credit is withdrawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bridge.curriculum.requirements.credited import Credited
from bridge.store.tables.learning import Award, Credit
from bridge.workflows.dependent_awards import depending_on
from tests.store.sample_members import NOW
from tests.support.sample_curricula import small


def credit(n: int, kind: str, key: str, curriculum: str = "path", *, gone: bool = False) -> Credit:
    return Credit(
        id=n, member_id=1, curriculum=curriculum, kind=kind, key=key, evidence={},
        occurred_on=date(2026, 3, 1), withdrawn_at=NOW if gone else None,
    )  # fmt: skip


AWARD = Award(
    id=1, member_id=1, curriculum="path", milestone="m", at=NOW,
    evidence={"activities": ["walk"], "signoffs": ["walk"], "credits": ["led:talk"]},
)  # fmt: skip
OLD = Award(id=2, member_id=1, curriculum="path", milestone="n", evidence={}, at=NOW)


@pytest.mark.parametrize(
    ("withdrawn", "others", "depends"),
    [
        (credit(1, "signoff", "walk"), [], True),
        (credit(1, "signoff", "walk", ""), [], True),
        (credit(1, "led", "talk"), [], True),
        (credit(1, "session", "talk"), [], False),
        (credit(1, "led", "walk"), [], False),
        (credit(1, "signoff", "walk", "other"), [], False),
        (credit(1, "led", "talk"), [credit(2, "led", "talk")], False),
        (credit(1, "led", "talk"), [credit(2, "led", "talk", gone=True)], True),
        (credit(1, "led", "talk"), [credit(2, "led", "talk", "other")], True),
        (credit(1, "signoff", "walk"), [credit(2, "signoff", "walk", "")], False),
    ],
)
def test_awards_depend_on_their_evidence(
    withdrawn: Credit, others: list[Credit], depends: bool
) -> None:
    found = depending_on(withdrawn, [withdrawn, *others], [AWARD, OLD], [], NOW)
    assert found == ([AWARD] if depends else [])


def dated(n: int, first: int, last: int | None = None) -> Credit:
    """A credit that counts from 1 March of one year until that of another."""
    dates = {"occurred_on": date(first, 3, 1), "valid_until": last and date(last, 3, 1)}
    return Credit(
        id=n, member_id=1, curriculum="path", kind="led", key="talk", evidence={}, **dates
    )


@pytest.mark.parametrize(
    ("other", "within", "depends"),
    [
        (dated(2, 2019, 2022), 0, True),
        (dated(2, 2019, 2026), 0, False),
        (dated(2, 2019), 0, False),
        (dated(2, 2019), 36, True),
        (dated(2, 2024), 36, False),
        (dated(2, 2027), 36, False),
        (dated(2, 2027, 2028), 0, True),
    ],
    ids=["ended", "its last day", "no end", "too old", "recent", "renewed", "renewed and ended"],
)
def test_another_credit_takes_its_place_only_if_it_counts(
    other: Credit, within: int, depends: bool
) -> None:
    first, second = small().milestones
    talk = replace(first, key="n", previously="m", requirements=(Credited("talk", "led", within),))
    path = replace(small(), milestones=(talk, second))
    withdrawn, later = dated(1, 2026), NOW + timedelta(days=365 * 3)
    found = depending_on(withdrawn, [withdrawn, other], [AWARD], [path], later)
    assert found == ([AWARD] if depends else [])
