"""Messages: their headers and parts, and addresses that could add a header."""

from __future__ import annotations

from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import SMTP, SMTPUTF8, default

import pytest

from bridge.errors import MailError
from bridge.mail import Email, compose
from bridge.mail.mime import Attachment, Unsubscribe
from tests.mail.sample_messages import EMAIL, NOON, composed


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


def test_emails_share_headers_and_nothing_else() -> None:
    """Headers with the same text are parsed and folded once, also if one email is written twice."""
    one, other = (
        compose(
            EMAIL, to=to, sender="stewardpath@union.example", sender_name="Union Élan",
            message_id="email-7@union.example", date=NOON,
        )
        for to in ("kim@member.example", "josé@member.example")
    )  # fmt: skip
    assert one["From"] is other["From"]
    assert one.get_boundary() != other.get_boundary()
    for message, policy in ((one, SMTP), (other, SMTP), (one, default)):
        parsed = message_from_bytes(message.as_bytes(policy=policy), policy=default)
        assert parsed["From"].addresses[0].display_name == "Union Élan"
    assert "To: kim@member.example" in str(one)
    for policy, is_raw in ((SMTPUTF8, True), (SMTP, False), (SMTPUTF8, True)):
        assert ("Élan".encode() in other.as_bytes(policy=policy)) is is_raw


def test_sender_names_in_other_scripts_are_kept() -> None:
    raw = composed(sender_name="Union Élan, ᐃᓄᒃᑎᑐᑦ")
    assert message_from_bytes(raw, policy=default)["From"].addresses[0].display_name == (
        "Union Élan, ᐃᓄᒃᑎᑐᑦ"
    )


LINK = "https://training.a-union-with-a-long-name.example/unsubscribe/" + "A" * 60
CALENDAR = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Été\r\nEND:VCALENDAR\r\n"
INVITE = Attachment("invite.ics", "text/calendar; method=REQUEST", CALENDAR.encode())


def sent(unsubscribe: Unsubscribe | None = None, attachment: Attachment | None = None) -> bytes:
    return compose(
        EMAIL, to="kim@member.example", sender="stewardpath@union.example",
        message_id="email-7@union.example", date=NOON, unsubscribe=unsubscribe,
        attachment=attachment,
    ).as_bytes()  # fmt: skip


def test_a_long_link_to_unsubscribe_is_neither_broken_nor_encoded() -> None:
    raw = sent(Unsubscribe("office@union.example", LINK))
    assert f"List-Unsubscribe: <{LINK}>,\r\n <mailto:office@union.example".encode() in raw
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:8080/unsubscribe/t"])
def test_one_click_needs_https(url: str) -> None:
    message = message_from_bytes(sent(Unsubscribe("office@union.example", url)), policy=default)
    assert message["List-Unsubscribe-Post"] is None
    assert "<mailto:office@union.example?subject=unsubscribe>" in message["List-Unsubscribe"]


def test_a_calendar_entry_is_shown_in_the_email_and_attached() -> None:
    message = message_from_bytes(sent(attachment=INVITE), policy=default)
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar",
        "application/ics",
    ]  # fmt: skip
    *_, shown, file = message.walk()
    assert shown["Content-Type"].params["method"] == "REQUEST"
    assert shown.get_content().splitlines() == CALENDAR.splitlines()
    assert file.get_filename() == "invite.ics"
    assert file.get_content() == CALENDAR.encode()


def test_another_file_is_only_attached() -> None:
    raw = sent(attachment=Attachment("proof.pdf", "application/pdf", b"%PDF-1.7"))
    *_, file = message_from_bytes(raw, policy=default).walk()
    assert (file.get_content_type(), file.get_filename()) == ("application/pdf", "proof.pdf")
    assert file.get_content() == b"%PDF-1.7"


@pytest.mark.parametrize(
    ("name", "content_type", "content"),
    [
        ("in\r\nX: y.ics", "text/calendar; method=REQUEST", CALENDAR),
        ("../invite.ics", "text/calendar; method=REQUEST", CALENDAR),
        ("invite.ics", "text/calendar; method=CANCEL", CALENDAR),
        ("invite.ics", "text/calendar; method=DELETE", CALENDAR),
        ("invite.ics", "text/calendar; method=REQUEST", "no calendar"),
        ("a.pdf", "application/pdf\r\nX: y", "x"),
        ("a.pdf", "pdf", "x"),
    ],
)
def test_an_attachment_that_lies_or_adds_headers_is_refused(
    name: str, content_type: str, content: str
) -> None:
    with pytest.raises(MailError) as caught:
        sent(attachment=Attachment(name, content_type, content.encode()))
    assert not caught.value.again


def decoded(value: str) -> str:
    """A header as mail programs show it; Python's parser of addresses adds spaces to names."""
    return str(make_header(decode_header(value.replace("\r\n", ""))))


@pytest.mark.parametrize("filler", ["", *("Training " * count for count in range(1, 9))])
def test_subjects_and_sender_names_keep_their_spaces(filler: str) -> None:
    """Also where a line of the header ends, with a space that doesn't break before PM."""
    for text in ("6:00\u202fPM – Élan é Ünion", "Élan – é x Ünion é x é x", "a" * 70 + " é é"):
        whole = f"{filler}{text}"
        raw = compose(
            Email(whole, "Plain\n", "<p>Rich</p>"), to="kim@member.example",
            sender="stewardpath@union.example", sender_name=whole,
            message_id="delivery-7@union.example", date=NOON,
        ).as_bytes()  # fmt: skip
        parsed = message_from_bytes(raw)
        name, _, address = parsed["From"].rpartition(" ")
        assert decoded(parsed["Subject"]) == whole
        assert (decoded(name.rstrip()), address) == (whole, "<stewardpath@union.example>")
        assert max(map(len, raw.split(b"\r\n\r\n")[0].splitlines())) <= 78
