"""The emails about sessions. All have one template, which says what is new and when and where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from bridge.mail.kinds import EmailDeclaration, Emails, FeatureEmail, example_link
from bridge.messages import Message

News = Literal[
    "confirm", "seated", "waiting", "promoted", "left", "changed", "cancelled", "postponed",
    "new-date", "reopened",
]  # fmt: skip
KINDS: Mapping[News, FeatureEmail] = {
    "confirm": FeatureEmail("session-confirm"),
    "seated": FeatureEmail("session-seated"),
    "waiting": FeatureEmail("session-waiting"),
    "promoted": FeatureEmail("session-promoted"),
    "left": FeatureEmail("session-left"),
    "changed": FeatureEmail("session-changed"),
    "cancelled": FeatureEmail("session-cancelled"),
    "postponed": FeatureEmail("session-postponed"),
    "new-date": FeatureEmail("session-new-date"),
    "reopened": FeatureEmail("session-reopened"),
}
LABELS: Mapping[News, Message] = {
    "confirm": Message("Session: a guest confirms"),
    "seated": Message("Session: registered"),
    "waiting": Message("Session: on the waiting list"),
    "promoted": Message("Session: a seat became free"),
    "left": Message("Session: no longer registered"),
    "changed": Message("Session: time or place changed"),
    "cancelled": Message("Session: cancelled"),
    "postponed": Message("Session: postponed"),
    "new-date": Message("Session: confirm the new date"),
    "reopened": Message("Session: it takes place after all"),
}


EMAILS: Emails = {
    KINDS[news]: EmailDeclaration(
        "sessions/notice",
        LABELS[news],
        {
            "news": news,
            "name": "Kim Example",
            "title": "Hearings",
            "starts": "2027-04-17T18:00",
            "ends": "2027-04-17T20:00",
            "zone": "America/Toronto",
            "place": "Union hall",  # '' online
            "reason": "The speaker is ill.",  # or ''
            "until": "2027-04-15T18:00",  # by when to confirm, or ''
            "link": example_link,
        },
    )
    for news in get_args(News)
}
