"""Whether what was delivered is still true in Moodle, and what to do if not. Pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, assert_never

from bridge.membership.names import from_moodle

Verdict = Literal["fine", "again", "differs", "unknown"]
"""True; to be carried out again; a person may have meant it; not visible, so nothing is done."""

What = Literal["unenrolled", "suspended", "revoked", "not-proficient", "given", "account-suspended"]
"""How Moodle differs: see the table in docs/moodle.md."""

CheckedKind = Literal[
    "account", "enrol", "cohort", "plan", "competency", "badge", "cohort-leave", "badge-revoke"
]
"""The kinds of delivery that promise a lasting state."""

MIN_COUNT_FOR_SHARE = 10
"""So many may always be missing: in a small union, one member is a large share."""


@dataclass(frozen=True, slots=True)
class AccountState:
    """What a Moodle account is and has. Collections are None if the site doesn't show them.

    `enrolments`: by course (id), whether they are suspended. `competencies`: by id, whether they
    are rated as proficient.
    """

    email: str
    first_name: str
    last_name: str
    suspended: bool
    enrolments: Mapping[int, bool] | None = None
    cohorts: frozenset[int] | None = None
    templates: frozenset[int] | None = None
    badges: frozenset[int] | None = None
    competencies: Mapping[int, bool] | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """A delivery that is done.

    `object_id`: Moodle's id of the course, cohort… as it is now, None if Moodle doesn't have it.
    `done_object_id` and `done_account_id`: what it was done to, None if nobody recorded that.
    """

    delivery_id: int
    member_id: int
    kind: CheckedKind
    object_id: int | None
    account_id: int
    done_object_id: int | None = None
    done_account_id: int | None = None

    @property
    def is_replaced(self) -> bool:
        """Whether Moodle has another object or another account than when it was done."""
        return _differ(self.done_object_id, self.object_id) or _differ(
            self.done_account_id, self.account_id
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found about one promise. `what`: only if it differs."""

    promise: Promise
    verdict: Verdict
    what: What | None = None


def check(promise: Promise, state: AccountState) -> Finding:
    """Compare a promise with what its account has.

    What is lost is carried out again, unless a person may have taken it away. Nobody meant it if
    the object or the account was replaced: the new one never had anything.
    """
    lost = _loss(promise, state)
    if lost is None or lost == "fine":
        return Finding(promise, lost or "unknown")
    if lost == "missing" or (promise.is_replaced and lost in ("unenrolled", "revoked")):
        return Finding(promise, "again")
    return Finding(promise, "differs", lost)


Loss = What | Literal["fine", "missing"] | None
"""`missing`: nobody takes this away on purpose. None: not visible."""


def _loss(promise: Promise, state: AccountState) -> Loss:
    if promise.kind == "account":
        return "account-suspended" if state.suspended else "fine"
    wanted = promise.object_id
    if wanted is None:
        return None
    match promise.kind:
        case "enrol":
            return _enrolment_loss(state.enrolments, wanted)
        case "competency":
            return _rating_loss(state.competencies, wanted)
        case "cohort":
            return _holds(state.cohorts, wanted, otherwise="missing")
        case "plan":
            return _holds(state.templates, wanted, otherwise="missing")
        case "badge":
            return _holds(state.badges, wanted, otherwise="revoked")
        case "cohort-leave":
            return _lacks(state.cohorts, wanted, otherwise="missing")
        case "badge-revoke":
            return _lacks(state.badges, wanted, otherwise="given")
        case _:
            assert_never(promise.kind)


def _enrolment_loss(enrolments: Mapping[int, bool] | None, course: int) -> Loss:
    if enrolments is None:
        return None
    if course not in enrolments:
        return "unenrolled"
    return "suspended" if enrolments[course] else "fine"


def _rating_loss(competencies: Mapping[int, bool] | None, competency: int) -> Loss:
    if competencies is None:
        return None
    if competency not in competencies:
        return "missing"
    return "fine" if competencies[competency] else "not-proficient"


def _holds(held: frozenset[int] | None, wanted: int, *, otherwise: Loss) -> Loss:
    if held is None:
        return None
    return "fine" if wanted in held else otherwise


def _lacks(held: frozenset[int] | None, unwanted: int, *, otherwise: Loss) -> Loss:
    if held is None:
        return None
    return otherwise if unwanted in held else "fine"


def _differ(then: int | None, now: int | None) -> bool:
    return then is not None and now is not None and then != now


@dataclass(frozen=True, slots=True)
class Held:
    """A kind of which more is missing than may be: a person must look first."""

    missing: int
    checked: int


def held_kinds(
    checked: Mapping[str, int], missing: Iterable[str], max_share: float
) -> dict[str, Held]:
    """The kinds that wait for a person, because too much of them is missing at the same time.

    `missing`: the kind of each promise that is newly found to be broken, and for which there is no
    evidence that it really is (a replaced course is evidence).
    """
    return {
        kind: Held(count, checked[kind])
        for kind, count in sorted(Counter(missing).items())
        if count > MIN_COUNT_FOR_SHARE and count > max_share * checked[kind]
    }


@dataclass(frozen=True, slots=True)
class Profile:
    """The name and the email of a person, here or in Moodle."""

    first_name: str
    last_name: str
    email: str

    @property
    def name(self) -> tuple[str, str]:
        return _normal(from_moodle(self.first_name)), _normal(from_moodle(self.last_name))

    @property
    def email_key(self) -> str:
        return self.email.strip().lower()


@dataclass(frozen=True, slots=True)
class ProfileUpdate:
    """What to write into a Moodle profile. `contradicts`: both sides changed the email."""

    name: bool = False
    email: bool = False
    contradicts: bool = False


def profile_update(
    before: Profile, ours: Profile, theirs: Profile, *, proven: bool = False
) -> ProfileUpdate:
    """What to write so that a correction reaches Moodle. What only changed there is left alone.

    `before`: the profile when both sides last agreed. An email that changed on both sides
    identifies two people, unless a person has confirmed that the account is the member's
    (`proven`).
    """
    shown_email = theirs.email_key or before.email_key
    email = ours.email_key not in (before.email_key, shown_email)
    contradicts = email and shown_email != before.email_key and not proven
    return ProfileUpdate(
        name=ours.name not in (before.name, theirs.name),
        email=email and not contradicts,
        contradicts=contradicts,
    )


def first_agreed_profile(ours: Profile, theirs: Profile, former: Sequence[Profile]) -> Profile:
    """The profile that both sides agreed on last, for an account that was linked long ago.

    If Moodle has what we had before (`former`), it was corrected here since. Otherwise the member
    changed it there, or the account had it before it was linked: nothing is to be written.
    """
    name = theirs if theirs.name in {each.name for each in former} else ours
    email = theirs if theirs.email_key in {each.email_key for each in former} else ours
    return Profile(name.first_name, name.last_name, email.email)


def _normal(name: str) -> str:
    return " ".join(name.split())
