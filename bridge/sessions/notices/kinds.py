"""The notices about sessions, and which of them people can unsubscribe from."""

from __future__ import annotations

from bridge.mail.kinds import EmailDeclaration, Emails, ExampleValue, FeatureEmail, example_link
from bridge.mail.mailings import Mailing
from bridge.messages import Message

ANNOUNCEMENT = FeatureEmail("session-announcement")
REMINDER = FeatureEmail("session-reminder")
THANKS = FeatureEmail("session-thanks")
LEADER = FeatureEmail("session-leader")

ANNOUNCEMENTS = Mailing(
    "session-announcements",
    Message("Announcements of sessions"),
    Message("Some days before a session that you can take part in."),
)
REMINDERS = Mailing(
    "session-reminders",
    Message("Reminders of sessions"),
    Message("Shortly before a session that you are registered for."),
)
MAILINGS = (ANNOUNCEMENTS, REMINDERS)

_SESSION: dict[str, ExampleValue] = {
    "name": "Kim Example",
    "title": "Hearings",
    "starts": "2027-04-17T18:00",
    "ends": "2027-04-17T20:00",
    "zone": "America/Toronto",
    "link": example_link,
}
EMAILS: Emails = {
    ANNOUNCEMENT: EmailDeclaration(
        "sessions/announcement",
        Message("Session: announcement"),
        {
            **_SESSION,
            "description": "What happens at a *hearing*, and how you prepare it.",  # Markdown
            "online": True,
            "room": "Union hall",  # '' if one can't take part in person
            "full": False,
        },
        mailing=ANNOUNCEMENTS,
    ),
    REMINDER: EmailDeclaration(
        "sessions/reminder",
        Message("Session: reminder"),
        {
            **_SESSION,
            "room": "Union hall",  # '' online
            "confirm": False,  # whether they haven't confirmed a new date yet
        },
        mailing=REMINDERS,
    ),
    THANKS: EmailDeclaration(
        "sessions/thanks",
        Message("Session: thanks"),
        {"name": "Kim Example", "title": "Hearings", "day": "2027-04-17", "link": example_link},
    ),
    LEADER: EmailDeclaration(
        "sessions/leader",
        Message("Session: named as a leader"),
        {
            **_SESSION,
            "confirm": False,  # whether they must confirm their address first
        },
    ),
}
