"""Members as Moodle users: find them without guessing, make them, enrol them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import NoneType

from bridge.moodle.answers import Answered, Id, Matches, UserMatch
from bridge.moodle.client import Moodle
from bridge.moodle.core_answers import User, Warnings
from bridge.moodle.failures import unexpected
from bridge.moodle.functions import PLUGIN
from bridge.moodle.protocol import Params


@dataclass(frozen=True, slots=True)
class Person:
    """What Moodle is told of a member; `key` is the caller's own, `number` '' if unknown.

    `username` is '' for the usual one.
    """

    key: int
    number: str
    email: str
    first_name: str
    last_name: str
    language: str = ""
    username: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What a person has answered about one member's accounts: Moodle user ids."""

    same: int | None = None
    different: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Trust:
    """What of an account says whose it is.

    `numbers`: its ID number, because nobody can change their own. `emails`: its email address,
    because Moodle confirms every change.
    """

    numbers: bool = False
    emails: bool = True


@dataclass(frozen=True, slots=True)
class Known:
    """A user found. `adopt`: it needs the member's number."""

    userid: int
    adopt: bool = False


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a person must decide, and about which accounts."""

    reason: str
    candidates: tuple[UserMatch, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """Why nothing can be decided yet: Moodle has still to confirm or delete an account."""

    reason: str


Found = Known | Doubt | Waiting | None
NO_TRUST = Trust()
NOTHING_SAID = Said()


class NewUser(Answered):
    id: Id
    username: str


def find(
    moodle: Moodle,
    people: Sequence[Person],
    *,
    companion: bool,
    trust: Trust = NO_TRUST,
    said: Mapping[int, Said] | None = None,
) -> dict[int, Found]:
    """For each person's key: the one Moodle user, a Doubt, Waiting, or None if there is none.

    `said`: what persons have answered, by key. Never a guess between two. One call with the
    companion, two without. Raises MoodleError.
    """
    matches = _by_companion(moodle, people) if companion else _by_core(moodle, people)
    by_person: dict[int, list[UserMatch]] = {person.key: [] for person in people}
    for match in matches:
        by_person[people[match.index].key].append(match)
    answered = said or {}
    found = {
        person.key: decide(
            person, by_person[person.key], trust, answered.get(person.key, NOTHING_SAID)
        )
        for person in people
    }
    return _without_sharing(found, by_person)


def _without_sharing(
    found: Mapping[int, Found], matches: Mapping[int, Sequence[UserMatch]]
) -> dict[int, Found]:
    """Nobody shares an account: one that fits several people is a doubt about each."""
    users = Counter(known.userid for known in found.values() if isinstance(known, Known))
    return {
        key: Doubt(
            f"Moodle user {known.userid} fits {users[known.userid]} members: give each an e-mail "
            "address of their own, or their member numbers to their users in Moodle.",
            tuple(match for match in matches[key] if match.userid == known.userid),
        )
        if isinstance(known, Known) and users[known.userid] > 1
        else known
        for key, known in found.items()
    }


def decide(
    person: Person,
    matches: Iterable[UserMatch],
    trust: Trust = NO_TRUST,
    said: Said = NOTHING_SAID,
) -> Found:
    """One user, no user, a reason to ask a person, or a reason to wait."""
    found = [match for match in matches if match.userid not in said.different]
    if said.same is not None:
        known = next((match for match in found if match.userid == said.same), None)
        lacks = known is None or known.idnumber != person.number
        return Known(said.same, adopt=bool(person.number) and lacks)
    confirmed = [match for match in found if match.confirmed]
    if trust.numbers and (numbered := [m for m in confirmed if m.matchedby == "number"]):
        return _only(person, numbered, "member number")
    others = [match for match in confirmed if not _same_email(person, match)]
    mine = [match for match in confirmed if _same_email(person, match)]
    if others:
        return _contradicted(mine, others)
    if mine:
        return _by_email(person, mine, trust)
    unconfirmed = [match for match in found if _same_email(person, match)]
    return _waiting(unconfirmed[0]) if unconfirmed else None


def _same_email(person: Person, match: UserMatch) -> bool:
    return match.email.strip().lower() == person.email.strip().lower()


def _contradicted(mine: Sequence[UserMatch], others: Sequence[UserMatch]) -> Doubt:
    """An account has the number and another email: everybody can enter any number in Moodle."""
    ids = ", ".join(str(match.userid) for match in others)
    have = f"users {ids} have" if len(others) > 1 else f"user {ids} has"
    also = f", and user {mine[0].userid} has this e-mail address" if mine else ""
    return Doubt(
        f"Moodle {have} this member number and another e-mail address{also}: say whose account "
        "is this member's.",
        (*mine, *others),
    )


def _by_email(person: Person, mine: Sequence[UserMatch], trust: Trust) -> Found:
    numbered = [match for match in mine if person.number and match.idnumber == person.number]
    found = _only(person, numbered if len(numbered) == 1 else mine, "e-mail address")
    if isinstance(found, Known) and not trust.emails:
        return Doubt(
            f"Moodle user {found.userid} has this e-mail address, but Moodle does not confirm "
            "changed addresses (emailchangeconfirmation is off): say whether it is this member's.",
            tuple(mine),
        )
    return found


def _only(person: Person, fitting: Sequence[UserMatch], by: str) -> Known | Doubt:
    """The one that fits, if nothing contradicts it."""
    if len(fitting) > 1:
        ids = ", ".join(str(match.userid) for match in fitting)
        reason = f"Moodle users {ids} have the same {by}: correct one of them in Moodle."
        return Doubt(reason, tuple(fitting))
    match = fitting[0]
    if match.idnumber and match.idnumber != person.number:
        return Doubt(
            f"Moodle user {match.userid} has this e-mail address and another member number: "
            "correct the address here or the ID number in Moodle.",
            (match,),
        )
    if match.suspended:
        reason = f"Moodle user {match.userid} is suspended: lift that in Moodle, or leave it."
        return Doubt(reason, (match,))
    return Known(match.userid, adopt=bool(person.number) and not match.idnumber)


def _waiting(match: UserMatch) -> Waiting:
    if match.confirmed is None:
        return Waiting(
            f"Moodle user {match.userid} has this e-mail address, and the companion plugin does "
            "not say whether it is confirmed: update the plugin."
        )
    return Waiting(
        f"Moodle user {match.userid} has this e-mail address and has not confirmed it: Moodle "
        "must confirm or delete that user first."
    )


def _by_companion(moodle: Moodle, people: Sequence[Person]) -> Sequence[UserMatch]:
    members = [{"number": person.number, "email": person.email} for person in people]
    function = PLUGIN + "find_users"
    matches = moodle.call(function, {"members": members}, Matches).matches
    if any(match.index >= len(people) for match in matches):
        raise unexpected("a place that was not asked for", function, "matches.index")
    return matches


def _by_core(moodle: Moodle, people: Sequence[Person]) -> list[UserMatch]:
    matches: list[UserMatch] = []
    seen: set[tuple[int, int]] = set()
    for field in ("idnumber", "email"):
        places: dict[str, list[int]] = {}
        for index, person in enumerate(people):
            value = person.number if field == "idnumber" else person.email.lower()
            if value:
                places.setdefault(value, []).append(index)
        if not places:
            continue
        # Some databases compare e-mail addresses letter by letter: ask for both spellings.
        typed = [person.email for person in people] if field == "email" else []
        params = {"field": field, "values": list(dict.fromkeys([*places, *filter(None, typed)]))}
        for user in moodle.call("core_user_get_users_by_field", params, list[User]):
            value = user.idnumber if field == "idnumber" else user.email.lower()
            for index in places.get(value, []):
                if (index, user.id) not in seen:
                    seen.add((index, user.id))
                    matches.append(_match(index, user.model_dump(), field))
    return matches


def _match(index: int, user: Mapping[str, object], field: str) -> UserMatch:
    by = "number" if field == "idnumber" else "email"
    flags = {name: bool(user.get(name)) for name in ("suspended", "confirmed")}
    row = {**user, **flags, "index": index, "userid": user["id"], "matchedby": by}
    return UserMatch.model_validate(row)


def user_params(person: Person, login: str) -> Params:
    """One row of `core_user_create_users`. With `login` manual, Moodle mails a first password."""
    row: dict[str, str | bool] = {
        "username": username(person),
        "firstname": person.first_name,
        "lastname": person.last_name,
        "email": person.email,
        "idnumber": person.number,
        "auth": login,
        "createpassword": login == "manual",
    }
    if person.language:
        row["lang"] = person.language
    return {key: value for key, value in row.items() if value != ""}


def username(person: Person) -> str:
    """The e-mail address where it is a username as Moodle takes it, else one of the number."""
    if person.username:
        return person.username
    if re.fullmatch(r"[a-z0-9._@-]{1,100}", person.email.lower()):
        return person.email.lower()
    return _numbered_name(person)


def _numbered_name(person: Person) -> str:
    return "member-" + re.sub(r"[^a-z0-9._@-]", "-", (person.number or str(person.key)).lower())


def with_free_usernames(moodle: Moodle, people: Sequence[Person]) -> list[Person]:
    """Those whose username another user has, each with one that is free.

    Everybody can register with any username, also with somebody else's address. One call.
    Raises MoodleError.
    """
    names = {person.key: [username(person), *_spare_names(person)] for person in people}
    values = [name for listed in names.values() for name in listed]
    params: Params = {"field": "username", "values": list(dict.fromkeys(values))}
    taken = {u.username for u in moodle.call("core_user_get_users_by_field", params, list[User])}
    return [
        replace(person, username=free)
        for person in people
        if username(person) in taken
        and (free := next((name for name in names[person.key] if name not in taken), ""))
    ]


def _spare_names(person: Person) -> list[str]:
    name = _numbered_name(person)[:80]
    return [name, f"{name}-{person.key}"]


def create(moodle: Moodle, people: Sequence[Person], login: str) -> dict[int, int]:
    """Make users, all or none: each person's key and its new user's id. Raises MoodleError."""
    users = [user_params(person, login) for person in people]
    function = "core_user_create_users"
    made = moodle.call(function, {"users": users}, list[NewUser])
    ids = {user.username: user.id for user in made}
    if len(made) != len(people) or ids.keys() != {username(person) for person in people}:
        raise unexpected("other users than were asked for", function)
    if len(set(ids.values())) != len(people):
        raise unexpected("two users of one id", function, "id")
    return {person.key: ids[username(person)] for person in people}


def adopt(moodle: Moodle, numbers: Mapping[int, str]) -> dict[int, str]:
    """Give users found by e-mail their member's number, so that they are found by it next time.

    For each user that Moodle refused, the reason.
    """
    users: list[Params] = [{"id": user, "idnumber": number} for user, number in numbers.items()]
    function = "core_user_update_users"
    warnings = moodle.call(function, {"users": users}, Warnings).warnings
    if any(warning.itemid not in numbers for warning in warnings):
        raise unexpected("a user that was not named", function, "warnings.itemid")
    return {warning.itemid or 0: warning.message for warning in warnings}


def enrolment_params(course: int, user: int, role: int) -> Params:
    """One row of `enrol_manual_enrol_users`."""
    return {"roleid": role, "userid": user, "courseid": course}


def enrol(moodle: Moodle, course: int, users: Sequence[int], role: int) -> None:
    """Enrol users in one course, all or none; those who are enrolled already stay so."""
    rows = [enrolment_params(course, user, role) for user in users]
    moodle.call("enrol_manual_enrol_users", {"enrolments": rows}, NoneType)
