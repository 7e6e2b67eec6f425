"""One example of each way to write a requirement. A new kind needs at least one here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from bridge.curriculum.requirements.activity import ActivityDone
from bridge.curriculum.requirements.credited import Credited
from bridge.curriculum.requirements.facts import (
    NO_FACTS,
    CreditFact,
    CreditKind,
    Facts,
    FeatureCredit,
)
from bridge.curriculum.requirements.group import AtLeast
from bridge.curriculum.requirements.requirement import Requirement
from bridge.curriculum.requirements.role import HasRole
from bridge.curriculum.requirements.signoff import SignedOff
from bridge.curriculum.text import Text

WALK = Text((("en", "Went for a walk"),))


@dataclass(frozen=True, slots=True)
class Example:
    """`yaml`: how it is written. `facts`: the least that meets it. `evidence`: what awards store.

    `words`, `evidence_words`: with the titles of the sample curriculum.
    """

    yaml: str
    requirement: Requirement
    facts: Facts
    words: str
    data: Mapping[str, object]
    evidence: Mapping[str, list[str]]
    evidence_words: tuple[str, ...]


STEWARD = replace(NO_FACTS, roles=frozenset({"steward"}))

TODAY = date(2026, 3, 31)


def credited(kind: CreditKind | FeatureCredit, key: str) -> Facts:
    """Facts with one credit from today."""
    return replace(NO_FACTS, credits=frozenset({CreditFact(kind, key, TODAY)}), today=TODAY)


EXAMPLES = (
    Example(
        yaml="{quiz: check}",
        requirement=ActivityDone("check"),
        facts=replace(NO_FACTS, activities=frozenset({"check"})),
        words="Pass the quiz “Quiz check”",
        data={"kind": "activity", "key": "check"},
        evidence={"activities": ["check"]},
        evidence_words=("Quiz check",),
    ),
    Example(
        yaml="{page: hello}",
        requirement=ActivityDone("hello"),
        facts=replace(NO_FACTS, activities=frozenset({"hello"})),
        words="Read the page “Page hello”",
        data={"kind": "activity", "key": "hello"},
        evidence={"activities": ["hello"]},
        evidence_words=("Page hello",),
    ),
    Example(
        yaml="{link: agreement}",
        requirement=ActivityDone("agreement"),
        facts=replace(NO_FACTS, activities=frozenset({"agreement"})),
        words="Open the link “Link agreement”",
        data={"kind": "activity", "key": "agreement"},
        evidence={"activities": ["agreement"]},
        evidence_words=("Link agreement",),
    ),
    Example(
        yaml="{signoff: walk, title: Went for a walk}",
        requirement=SignedOff("walk", WALK),
        facts=replace(NO_FACTS, signoffs=frozenset({"walk"})),
        words="Sign-off: Went for a walk",
        data={"kind": "signoff", "key": "walk"},
        evidence={"signoffs": ["walk"]},
        evidence_words=("Went for a walk",),
    ),
    Example(
        yaml="{signoff: talk, signed-off-by: [chair, Leader, committee]}",
        requirement=SignedOff("talk", signed_off_by=frozenset({"chair", "leader"})),
        facts=replace(NO_FACTS, signoffs=frozenset({"talk"})),
        words="Sign-off: talk",
        data={"kind": "signoff", "key": "talk"},
        evidence={"signoffs": ["talk"]},
        evidence_words=("talk",),
    ),
    Example(
        yaml="{role: steward}",
        requirement=HasRole("steward"),
        facts=STEWARD,
        words="Role in the union: steward",
        data={"kind": "role", "key": "steward"},
        evidence={"role": ["steward"]},
        evidence_words=("steward",),
    ),
    Example(
        yaml="{session: negotiation}",
        requirement=Credited("negotiation", "session"),
        facts=credited("session", "negotiation"),
        words="Attend the session “negotiation”",
        data={"kind": "credit", "credit": "session", "key": "negotiation"},
        evidence={"credits": ["session:negotiation"]},
        evidence_words=("Session: negotiation",),
    ),
    Example(
        yaml="{led: negotiation}",
        requirement=Credited("negotiation", "led"),
        facts=credited("led", "negotiation"),
        words="Lead the session “negotiation”",
        data={"kind": "credit", "credit": "led", "key": "negotiation"},
        evidence={"credits": ["led:negotiation"]},
        evidence_words=("Led a session: negotiation",),
    ),
    Example(
        yaml="{mentoring: mentors/theory}",
        requirement=Credited("mentors/theory", "mentoring"),
        facts=credited("mentoring", "mentors/theory"),
        words="Complete the mentoring part “mentors, theory”",
        data={"kind": "credit", "credit": "mentoring", "key": "mentors/theory"},
        evidence={"credits": ["mentoring:mentors/theory"]},
        evidence_words=("Mentoring: mentors, theory",),
    ),
    Example(
        yaml="{certificate: first-aid, within: 3 years, title: First aid}",
        requirement=Credited("first-aid", "certificate", 36, Text((("en", "First aid"),))),
        facts=credited("certificate", "first-aid"),
        words="Certificate: First aid (in the last 36 months)",
        data={
            "kind": "credit",
            "credit": "certificate",
            "key": "first-aid",
            "within_months": 36,
        },
        evidence={"credits": ["certificate:first-aid"]},
        evidence_words=("Certificate: First aid",),
    ),
    Example(
        yaml="{credit: garden/food-bank}",
        requirement=Credited("food-bank", FeatureCredit("garden")),
        facts=credited(FeatureCredit("garden"), "food-bank"),
        words="Credit: food bank",
        data={"kind": "credit", "credit": "garden", "key": "food-bank"},
        evidence={"credits": ["garden:food-bank"]},
        evidence_words=("Credit: food bank",),
    ),
    Example(
        yaml="{program: leadership, within: 1 month}",
        requirement=Credited("leadership", "program", 1),
        facts=credited("program", "leadership"),
        words="Complete the program “leadership” (in the last month)",
        data={"kind": "credit", "credit": "program", "key": "leadership", "within_months": 1},
        evidence={"credits": ["program:leadership"]},
        evidence_words=("Program: leadership",),
    ),
    Example(
        yaml="{any: [{role: shop-lead}, {role: steward}]}",
        requirement=AtLeast(1, (HasRole("shop-lead"), HasRole("steward"))),
        facts=STEWARD,
        words="One of these: Role in the union: shop lead; Role in the union: steward",
        data={"kind": "at-least", "count": 1},
        evidence={"role": ["steward"]},
        evidence_words=("steward",),
    ),
    Example(
        yaml="{at-least: 1, of: [{role: steward}]}",
        requirement=AtLeast(1, (HasRole("steward"),)),
        facts=STEWARD,
        words="All of these: Role in the union: steward",
        data={"kind": "at-least", "count": 1},
        evidence={"role": ["steward"]},
        evidence_words=("steward",),
    ),
)
