"""The emails about consultations."""

from __future__ import annotations

from bridge.mail.kinds import EmailDeclaration, Emails, ExampleValue, FeatureEmail, example_link
from bridge.mail.mailings import Mailing
from bridge.messages import Message

INVITATION = FeatureEmail("consultation-invitation")
REMINDER = FeatureEmail("consultation-reminder")
RECEIPT = FeatureEmail("consultation-receipt")
APPROVAL = FeatureEmail("consultation-approval")
RESPONSE = FeatureEmail("consultation-response")
RESULT = FeatureEmail("consultation-result")

REMINDERS = Mailing(
    "consultation-reminders",
    Message("Reminders of consultations"),
    Message("Some days before the last day to answer a consultation that you were invited to."),
)
RESULTS = Mailing(
    "consultation-results",
    Message("Results of consultations"),
    Message("What became of a consultation that you were named for."),
)
MAILINGS = (REMINDERS, RESULTS)

_BASE: dict[str, ExampleValue] = {
    "name": "Kim Example", "title": "New member", "link": example_link
}  # fmt: skip
_END: dict[str, ExampleValue] = {"closes": "2027-04-17T18:00", "zone": "America/Toronto"}

EMAILS: Emails = {
    INVITATION: EmailDeclaration(
        "consultations/invitation",
        Message("Consultation: invitation"),
        {
            **_BASE,
            **_END,
            "degree": "decides",  # or consulted
            "channel": "session",  # or page, email
            "meeting": "17 April, 18:00, Union hall",  # '' unless it is a session
            "introduction": "We rewrite the first milestone.",  # Markdown, or ''
            "draft": [
                {"title": "New member", "expectations": ["Knows the union."], "requirements": 2}
            ],  # [] unless the channel is email
        },
    ),
    REMINDER: EmailDeclaration(
        "consultations/reminder",
        Message("Consultation: reminder"),
        {**_BASE, **_END, "started": "yes"},  # '' if nothing is saved yet
        mailing=REMINDERS,
    ),
    RECEIPT: EmailDeclaration(
        "consultations/receipt",
        Message("Consultation: answers received"),
        {**_BASE, "what": "answers"},  # or changed, entered, approved, refused
    ),
    APPROVAL: EmailDeclaration(
        "consultations/approval", Message("Consultation: approval asked for"), {**_BASE}
    ),
    RESPONSE: EmailDeclaration(
        "consultations/response",
        Message("Consultation: response"),
        {
            **_BASE,
            "responses": [
                {
                    "milestone": "New member", "kind": "requirement", "number": 2, "text": "",
                    "decision": "adopted", "response": "The quiz is shorter now.",
                }
            ],  # kind: whole, expectation, requirement; decision: adopted, not-adopted
        },
    ),
    RESULT: EmailDeclaration(
        "consultations/result",
        Message("Consultation: result"),
        {**_BASE, "adopted": 3, "declined": 1},
        mailing=RESULTS,
    ),
}  # fmt: skip
