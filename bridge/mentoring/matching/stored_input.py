"""The input of a run as text, to store it, compare it and repeat it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from hashlib import sha256

from bridge.errors import MatchingError
from bridge.mentoring.matching.model import Exclusion, Participant, Pin, Rules, Weight
from bridge.messages import Message, as_data, from_data

FORMAT = 1
People = Iterable[Participant]
SETS = ("wants", "offers", "languages", "times", "formats")


def input_json(mentees: People, mentors: People, rules: Rules) -> str:
    """The input as JSON, the same for any order. Give peers as `mentees`, and no mentors."""
    return json.dumps(
        {
            "format": FORMAT,
            "mentees": _people(mentees),
            "mentors": _people(mentors),
            "weights": [asdict(weight) for weight in rules.weights],
            "load": rules.load,
            "pins": sorted([pin.mentee, pin.mentor] for pin in rules.pins),
            "exclusions": _exclusions(rules.exclusions),
        },
        ensure_ascii=False, sort_keys=True, separators=(",", ":"),
    )  # fmt: skip


def fingerprint(stored: str) -> str:
    """The SHA-256 of `input_json`, as hexadecimal digits."""
    return sha256(stored.encode()).hexdigest()


def read_input(stored: str) -> tuple[list[Participant], list[Participant], Rules]:
    """The mentees, mentors and rules of `input_json`. Raises MatchingError for a damaged reason."""
    data = json.loads(stored)
    mentees, mentors = ([_person(each) for each in data[side]] for side in ("mentees", "mentors"))
    return mentees, mentors, Rules(
        tuple(Weight(**each) for each in data["weights"]),
        data["load"],
        tuple(Pin(*each) for each in data["pins"]),
        tuple(Exclusion(first, second, _message(reason))
            for first, second, reason in data["exclusions"]),
    )  # fmt: skip


def _people(people: People) -> list[dict[str, object]]:
    ordered = sorted(people, key=lambda person: person.id)
    return [
        asdict(person) | {name: sorted(getattr(person, name)) for name in SETS}
        for person in ordered
    ]


def _exclusions(exclusions: Iterable[Exclusion]) -> list[list[object]]:
    found = [[*sorted((each.first, each.second)), as_data(each.reason)] for each in exclusions]
    return sorted(found, key=lambda each: json.dumps(each, sort_keys=True))


def _person(data: dict[str, object]) -> Participant:
    sets = {name: frozenset(_texts(data[name])) for name in SETS}
    return Participant(**data | sets | {"supervisors": _texts(data["supervisors"])})  # type: ignore[arg-type]


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()


def _message(data: object) -> Message:
    text = from_data(data)
    if not isinstance(text, Message):
        raise MatchingError(
            Message("The stored input can't be read."), todo=Message("Run the matching again.")
        )
    return text
