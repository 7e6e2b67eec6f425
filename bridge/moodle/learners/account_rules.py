"""What Moodle refuses in a new account with no more than "Invalid parameter value detected".

Source: user/externallib.php (core_user_create_users) and the types of its parameters, 4.5.6.
"""

from __future__ import annotations

from collections.abc import Sequence

from bridge.membership.emails import MAX_MOODLE_EMAIL_LENGTH, email_key, is_member_email
from bridge.membership.names import has_tags
from bridge.moodle.learners.account_matching import MoodleUserData


def account_problem(first_name: str, last_name: str, email: str) -> str:
    """Why Moodle would refuse an account with these values, as a sentence; '' if it wouldn't."""
    if not first_name.strip() and not last_name.strip():
        return "The member has no name, and Moodle needs one. Enter it in the member's record."
    if has_tags(first_name + last_name):
        return (
            "The name contains < or >, which Moodle refuses in names. Correct it in the member's "
            "record."
        )
    if len(email) > MAX_MOODLE_EMAIL_LENGTH:
        return (
            f"The email address is longer than {MAX_MOODLE_EMAIL_LENGTH} characters, the most that "
            "Moodle accepts. Enter a shorter one in the member's record."
        )
    if not is_member_email(email):
        return "Moodle does not accept the email address. Correct it in the member's record."
    return ""


def first_of_each_email(
    people: Sequence[MoodleUserData],
) -> tuple[list[MoodleUserData], list[MoodleUserData]]:
    """Those whose accounts can be created together, and those who share an address with one.

    Moodle accepts each email address only once, unless the site allows otherwise.
    """
    emails: set[str] = set()
    first: list[MoodleUserData] = []
    again: list[MoodleUserData] = []
    for person in people:
        key = email_key(person.email)
        (again if key in emails else first).append(person)
        emails.add(key)
    return first, again
