"""Mailings: types of emails that answer no action of the recipient, who can unsubscribe from each.

Every such email has a link with which its recipient unsubscribes (RFC 8058).
"""

from __future__ import annotations

from dataclasses import dataclass

from bridge.messages import Message


@dataclass(frozen=True, slots=True)
class Mailing:
    """A type of emails, which recipients turn off and on together.

    `key`: as the database stores it, at most 40 characters. `label`: what recipients call it.
    `description`: which emails they get, in one sentence. `by_settings`: they go to people that
    the configuration names, whatever their status in the union; others don't go to people who
    have left.
    """

    key: str
    label: Message
    description: Message
    by_settings: bool = False


DIGEST = Mailing(
    "digest",
    Message("Weekly digest"),
    Message("Each Monday, what happened in your region the week before."),
    by_settings=True,
)
NEW_MEMBERS = Mailing(
    "new-members",
    Message("Notices about new members"),
    Message("When someone of your region has joined."),
    by_settings=True,
)
REMINDERS = Mailing(
    "reminders",
    Message("Reminders about milestones"),
    Message("When you have worked on a milestone for a while and haven't earned it yet."),
)
SAVED_REPORTS = Mailing(
    "saved-reports",
    Message("Reports"),
    Message("Each week or month, the numbers of a report that someone on the team set up."),
    by_settings=True,
)
COMMITTEE = Mailing(
    "committee",
    Message("Emails from the education committee"),
    Message("Now and then, news that the committee writes to many members."),
)
CORE_MAILINGS: tuple[Mailing, ...] = (DIGEST, NEW_MEMBERS, REMINDERS, SAVED_REPORTS, COMMITTEE)
"""Those of features are in their `Feature`, next to their emails."""
