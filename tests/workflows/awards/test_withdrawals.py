"""Which awards a person must decide about when a credit is withdrawn."""

from __future__ import annotations

from datetime import date

import pytest

from bridge.store.tables.learning import Award, Credit
from bridge.workflows.withdrawals import depending_on
from tests.store.sample_members import NOW


def credit(n: int, kind: str, key: str, curriculum: str = "path", *, gone: bool = False) -> Credit:
    return Credit(
        id=n, member_id=1, curriculum=curriculum, kind=kind, key=key, evidence={},
        occurred_on=date(2026, 3, 1), withdrawn_at=NOW if gone else None,
    )  # fmt: skip


AWARD = Award(
    id=1, member_id=1, curriculum="path", milestone="m",
    evidence={"activities": ["walk"], "signoffs": ["walk"], "credits": ["led:talk"]},
)  # fmt: skip
OLD = Award(id=2, member_id=1, curriculum="path", milestone="n", evidence={})


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
    found = depending_on(withdrawn, [withdrawn, *others], [AWARD, OLD])
    assert found == ([AWARD] if depends else [])
