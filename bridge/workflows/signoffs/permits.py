"""Who may sign off what, and for whom. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bridge.access.visitor import Visitor
from bridge.curriculum.model import Curriculum, signoff_signers
from bridge.curriculum.requirements.signoff import Signer
from bridge.store.members.lookup import EVERYONE, Part, Scope


@dataclass(frozen=True, slots=True)
class Permit:
    """A role in which someone signs off, and the people it is for."""

    signer: Signer
    people: Part


COMMITTEE: Sequence[Permit] = (Permit("committee", EVERYONE[0]),)


def allowed(curricula: Iterable[Curriculum], permits: Sequence[Permit]) -> list[tuple[str, str]]:
    """The curriculum and key of each sign-off that these permits allow for someone."""
    held = {each.signer for each in permits}
    return [
        (curriculum.key, key)
        for curriculum in curricula
        for key, signers in signoff_signers(curriculum).items()
        if signers & held
    ]


def asked_for(curricula: Iterable[Curriculum], visitor: Visitor) -> list[tuple[str, str]] | None:
    """The sign-offs that a visitor is asked for; None for all.

    Chairs are asked only for what the curricula allow chairs.
    """
    if not visitor.may("sign-offs") or visitor.may("members-change"):
        return None
    return allowed(curricula, [Permit("chair", EVERYONE[0])])


def scope_for(
    curricula: Iterable[Curriculum], curriculum: str, requirement: str, permits: Sequence[Permit]
) -> Scope:
    """The people that these permits let someone sign off; none if it isn't required."""
    signers = {
        each
        for path in curricula
        if path.key == curriculum
        for each in signoff_signers(path).get(requirement, ())
    }
    return tuple(each.people for each in permits if each.signer in signers)
