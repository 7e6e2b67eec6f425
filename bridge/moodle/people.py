"""Members as Moodle users: find them without guessing, make them, enrol them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import NoneType

from bridge.moodle.answers import Answered, Id, Matches, UserMatch
from bridge.moodle.client import Moodle
from bridge.moodle.core_answers import User, Warnings
from bridge.moodle.failures import unexpected
from bridge.moodle.functions import PLUGIN
from bridge.moodle.protocol import Params


@dataclass(frozen=True, slots=True)
class Person:
    """What Moodle is told of a member; `key` is the caller's own, `number` '' if unknown."""

    key: int
    number: str
    email: str
    first_name: str
    last_name: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A user found. `adopt`: found by e-mail and has no number yet, so it needs the member's."""

    userid: int
    adopt: bool = False


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a person must decide: more than one user fits, or the one that fits is another's."""

    reason: str


Found = Known | Doubt | None


class NewUser(Answered):
    id: Id
    username: str


def find(moodle: Moodle, people: Sequence[Person], *, companion: bool) -> dict[int, Found]:
    """For each person's key: the one Moodle user, a Doubt, or None if there is none.

    By member number first, then by e-mail; never a guess between two. One call with the
    companion, two without. Raises MoodleError.
    """
    matches = _by_companion(moodle, people) if companion else _by_core(moodle, people)
    by_person: dict[int, list[UserMatch]] = {person.key: [] for person in people}
    for match in matches:
        by_person[people[match.index].key].append(match)
    found = {person.key: decide(person, by_person[person.key]) for person in people}
    return _without_sharing(found)


def _without_sharing(found: Mapping[int, Found]) -> dict[int, Found]:
    """Nobody shares an account: one that fits several people is a doubt about each."""
    users = Counter(known.userid for known in found.values() if isinstance(known, Known))
    return {
        key: Doubt(
            f"Moodle user {known.userid} fits {users[known.userid]} members: give each an e-mail "
            "address of their own, or their member numbers to their users in Moodle."
        )
        if isinstance(known, Known) and users[known.userid] > 1
        else known
        for key, known in found.items()
    }


def decide(person: Person, matches: Iterable[UserMatch]) -> Found:
    """One user, no user, or a reason to ask a person."""
    found = list(matches)
    numbered = [match for match in found if match.matchedby == "number"]
    fitting = numbered or found
    if not fitting:
        return None
    if len(fitting) > 1:
        ids = ", ".join(str(match.userid) for match in fitting)
        by = "member number" if numbered else "e-mail address"
        return Doubt(f"Moodle users {ids} have the same {by}: correct one of them in Moodle.")
    match = fitting[0]
    if not numbered and match.idnumber and match.idnumber != person.number:
        return Doubt(
            f"Moodle user {match.userid} has this e-mail address and another member number: "
            "correct the address here or the ID number in Moodle."
        )
    if match.suspended:
        return Doubt(f"Moodle user {match.userid} is suspended: lift that in Moodle, or leave it.")
    return Known(match.userid, adopt=bool(person.number) and not match.idnumber)


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
    suspended = bool(user.get("suspended"))
    row = {**user, "index": index, "userid": user["id"], "matchedby": by, "suspended": suspended}
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
    if re.fullmatch(r"[a-z0-9._@-]{1,100}", person.email.lower()):
        return person.email.lower()
    return "member-" + re.sub(r"[^a-z0-9._@-]", "-", (person.number or str(person.key)).lower())


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
