"""Messages: their headers and parts, and addresses that could add a header."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default

import pytest

from bridge.errors import MailError
from bridge.mail import Email, compose
from tests.mail.sample_messages import NOON, composed


def test_a_message_has_two_parts_and_is_marked_as_automatic() -> None:
    raw = composed(sender_name="Example Union", reply_to="office@union.example")
    message = message_from_bytes(raw, policy=default)
    assert message["From"] == "Example Union <stewardpath@union.example>"
    assert message["To"] == "kim@member.example"
    assert message["Reply-To"] == "office@union.example"
    assert message["Message-ID"] == "<delivery-7@union.example>"
    assert message["Date"].datetime == NOON
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "multipart/alternative"
    parts = [part.get_content_type() for part in message.iter_parts()]
    assert parts == ["text/plain", "text/html"]


@pytest.mark.parametrize("field", ["to", "sender", "reply_to", "message_id"])
@pytest.mark.parametrize(
    "end", ["\r\nBcc: all@union.example", "\nX: y", ", all@union.example", "\0"]
)
def test_no_header_can_be_added_through_an_address(field: str, end: str) -> None:
    with pytest.raises(MailError) as caught:
        composed(**{field: "kim@member.example" + end})
    assert not caught.value.again
    assert "kim@" not in str(caught.value)


def test_line_breaks_in_subject_and_sender_name_are_folded() -> None:
    email = Email("One\r\nBcc: all@union.example", "Plain\n", "<p>Rich</p>")
    message = compose(
        email,
        to="kim@member.example",
        sender="stewardpath@union.example",
        sender_name="Union\nBcc: all@union.example",
        message_id="delivery-7@union.example",
        date=NOON,
    )
    parsed = message_from_bytes(message.as_bytes(), policy=default)
    assert parsed["Bcc"] is None
    assert parsed["Subject"] == "One Bcc: all@union.example"


def test_sender_names_in_other_scripts_are_kept() -> None:
    raw = composed(sender_name="Union Élan, ᐃᓄᒃᑎᑐᑦ")
    assert message_from_bytes(raw, policy=default)["From"].addresses[0].display_name == (
        "Union Élan, ᐃᓄᒃᑎᑐᑦ"
    )
