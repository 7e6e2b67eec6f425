"""Members as Moodle users: find them without guessing, create them, enrol them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import NoneType

from bridge.membership.names import for_moodle
from bridge.moodle.client.client import Moodle
from bridge.moodle.client.failures import unexpected_answer
from bridge.moodle.client.idempotency import PLUGIN
from bridge.moodle.client.protocol import Params
from bridge.moodle.learners.account_matching import (
    NO_ANSWERS,
    NO_TRUST,
    AccountAnswers,
    AmbiguousMatch,
    FoundUser,
    MatchResult,
    MoodleUserData,
    Trust,
    choose_match,
)
from bridge.moodle.schemas.base import Id, MoodleModel
from bridge.moodle.schemas.companion_feed import Matches, UserMatch
from bridge.moodle.schemas.core import User, Warnings

MAX_USERNAME_LENGTH = 100
EXPLANATIONS = {
    "useremailduplicate": "Another account in Moodle has this email address, and Moodle accepts "
    "each address only once. Correct the address there or here, and try again.",
    "useremailinvalid": "Moodle does not accept this email address. Correct it here.",
}
"""What warnings of core_user_update_users mean, where Moodle's sentence doesn't say enough."""


class NewUser(MoodleModel):
    id: Id
    username: str


def find_users(
    moodle: Moodle,
    people: Sequence[MoodleUserData],
    *,
    companion: bool,
    trust: Trust = NO_TRUST,
    answers: Mapping[int, AccountAnswers] | None = None,
) -> dict[int, MatchResult]:
    """Find each person's Moodle user, by key; None if there is none.

    `answers`: persons' answers about accounts, by key. Never guesses between two accounts. One
    call with the plugin, two without. Raises MoodleError.
    """
    matches = _by_companion(moodle, people) if companion else _by_core(moodle, people)
    by_person: dict[int, list[UserMatch]] = {person.key: [] for person in people}
    for match in matches:
        by_person[people[match.index].key].append(match)
    answers_by_key = answers or {}
    found = {
        person.key: choose_match(
            person, by_person[person.key], trust, answers_by_key.get(person.key, NO_ANSWERS)
        )
        for person in people
    }
    return _reject_shared(found, by_person)


def _reject_shared(
    found: Mapping[int, MatchResult], matches: Mapping[int, Sequence[UserMatch]]
) -> dict[int, MatchResult]:
    """An account that matches several people is ambiguous for each of them."""
    users = Counter(known.userid for known in found.values() if isinstance(known, FoundUser))
    return {
        key: AmbiguousMatch(
            f"Moodle user {known.userid} matches {users[known.userid]} members: give each member "
            "a separate email address, or enter their member numbers in Moodle.",
            tuple(match for match in matches[key] if match.userid == known.userid),
        )
        if isinstance(known, FoundUser) and users[known.userid] > 1
        else known
        for key, known in found.items()
    }


def _by_companion(moodle: Moodle, people: Sequence[MoodleUserData]) -> Sequence[UserMatch]:
    members = [{"number": person.number, "email": person.email} for person in people]
    function = PLUGIN + "find_users"
    matches = moodle.call(function, {"members": members}, Matches).matches
    if any(match.index >= len(people) for match in matches):
        raise unexpected_answer("an index outside the request", function, "matches.index")
    return matches


def _by_core(moodle: Moodle, people: Sequence[MoodleUserData]) -> list[UserMatch]:
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
        # Some databases compare emails case-sensitively: look up both spellings.
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


def user_params(person: MoodleUserData, login: str) -> Params:
    """One row of `core_user_create_users`. If `login` is manual, Moodle emails a first password."""
    row: dict[str, str | bool] = {
        "username": username(person),
        "firstname": for_moodle(person.first_name),
        "lastname": for_moodle(person.last_name),
        "email": person.email,
        "idnumber": person.number,
        "auth": login,
        "createpassword": login == "manual",
    }
    if person.language:
        row["lang"] = person.language
    return {key: value for key, value in row.items() if value != ""}


def username(person: MoodleUserData) -> str:
    """The email address if it is a valid username, or else one made from the member number."""
    if person.username:
        return person.username
    if re.fullmatch(r"[a-z0-9._@-]{1,100}", person.email.lower()):
        return person.email.lower()
    return _numbered_name(person)


def _numbered_name(person: MoodleUserData) -> str:
    name = re.sub(r"[^a-z0-9._@-]", "-", (person.number or str(person.key)).lower())
    return f"member-{name}"[:MAX_USERNAME_LENGTH]


def with_free_usernames(moodle: Moodle, people: Sequence[MoodleUserData]) -> list[MoodleUserData]:
    """People whose username is taken, each with a free username instead.

    Anyone can register in Moodle with any username, even another person's email address. One
    call. Raises MoodleError.
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


def _spare_names(person: MoodleUserData) -> list[str]:
    name = _numbered_name(person)[:80]
    return [name, f"{name}-{person.key}"]


def create_batch(moodle: Moodle, people: Sequence[MoodleUserData], login: str) -> dict[int, int]:
    """Create users, all or none; return the new user id for each key. Raises MoodleError."""
    users = [user_params(person, login) for person in people]
    function = "core_user_create_users"
    made = moodle.call(function, {"users": users}, list[NewUser])
    ids = {user.username: user.id for user in made}
    if len(made) != len(people) or ids.keys() != {username(person) for person in people}:
        raise unexpected_answer("other users than requested", function)
    if len(set(ids.values())) != len(people):
        raise unexpected_answer("two users with the same id", function, "id")
    return {person.key: ids[username(person)] for person in people}


def set_member_numbers(moodle: Moodle, numbers: Mapping[int, str]) -> dict[int, str]:
    """Set the member number on users found by email, so they are found by number next time.

    Return the reason for each user that Moodle refused.
    """
    rows: list[Params] = [{"id": user, "idnumber": number} for user, number in numbers.items()]
    return update_users(moodle, rows)


UpdateAccounts = Callable[[Sequence[int]], dict[int, str]]
"""Updates accounts (ids). Returns the reason for each one that Moodle refused."""


def update_users(moodle: Moodle, users: Sequence[Params]) -> dict[int, str]:
    """Change users, each with its `id`; return the reason for each that Moodle refused."""
    function = "core_user_update_users"
    warnings = moodle.call(function, {"users": list(users)}, Warnings).warnings
    if any(warning.itemid not in {user["id"] for user in users} for warning in warnings):
        raise unexpected_answer("another user", function, "warnings.itemid")
    return {
        warning.itemid or 0: EXPLANATIONS.get(warning.warningcode, warning.message)
        for warning in warnings
    }


def users_by_ids(moodle: Moodle, ids: Sequence[int]) -> dict[int, User]:
    """The users with these ids, without those that Moodle doesn't show or has deleted. One call.

    Moodle still shows a deleted user by its id, with a hash in place of the email (seen on 4.5.6).
    """
    params: Params = {"field": "id", "values": [str(each) for each in ids]}
    found = moodle.call("core_user_get_users_by_field", params, list[User])
    return {user.id: user for user in found if not user.email or "@" in user.email}


def enrolment_params(course: int, user: int, role: int) -> Params:
    """One row of `enrol_manual_enrol_users`."""
    return {"roleid": role, "userid": user, "courseid": course}


def enrol_users(moodle: Moodle, course: int, users: Sequence[int], role: int) -> None:
    """Enrol users in one course, all or none. Users who are already enrolled don't change."""
    rows = [enrolment_params(course, user, role) for user in users]
    moodle.call("enrol_manual_enrol_users", {"enrolments": rows}, NoneType)
