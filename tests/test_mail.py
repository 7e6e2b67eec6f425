"""What the letters say, and that nothing a person typed can change a mail's headers or HTML."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import get_args

import pytest

from bridge.config import Config, Contact, MailSettings, Region, UnionSettings
from bridge.curriculum.model import (
    Acknowledgement,
    Course,
    Curriculum,
    Entry,
    Milestone,
    Text,
)
from bridge.errors import ConfigError, MailError
from bridge.mail import Email, EmailKind, FolderMailer, SmtpMailer, compose, open_mailer, render

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LETTER = Email("A subject", "Plain\n", "<p>Rich</p>")
XSS = '<script>alert("x")</script>'


def en_fr(english: str, french: str) -> Text:
    return Text((("en", english), ("fr", french)))


def milestone(key: str, title: Text) -> Milestone:
    return Milestone(
        key=key,
        title=title,
        audience="members",
        access="open",
        summary=en_fr("All about *it*.", "Tout sur *cela*."),
        expectations=(en_fr("Can say what it is", "Sait dire ce que c'est"),),
        entry=Entry(),
        course=Course(),
        requirements=(),
        acknowledgement=Acknowledgement(en_fr("You did it, **well**.", "C'est fait, **bravo**.")),
        next=en_fr("Read on.", "Lisez la suite."),
    )


FIRST = milestone("first-step", en_fr("First Step", "Premier pas"))
SECOND = milestone("second-step", en_fr("Second Step", "Deuxième pas"))
PATH = Curriculum("a-path", en_fr("A Path", "Un parcours"), ("en", "fr"), (FIRST, SECOND), "0" * 64)
NORTH = Region(
    name="North",
    director=Contact(name="The Director", email="director@union.example", phone="555-0100"),
    contacts=(Contact(name="The Office", email="office@union.example"),),
)
CONTEXT: dict[str, object] = {
    "union": UnionSettings(
        name="Example Union",
        website="https://union.example",
        links={"Forum": "https://forum.example"},
    ),
    "first_name": "Kim",
    "curriculum": PATH,
    "milestone": FIRST,
    "reached": FIRST,
    "following": SECOND,
    "link": "https://moodle.example/course/view.php?id=7",
    "region": NORTH,
    "members": [("Kim Example", "N-1")],
    "first": "2026-03-02",
    "last": "2026-03-08",
    "joined": 4,
    "milestones": [{"title": XSS, "reached": 1, "waiting": 2, "days": 30}],
    "minutes": 15,
    "days": 3,
    "region_name": "North",
    "name": "Kim Example",
    "email": "kim@union.example",
    "phone": "555-0103",
    "about": "First Step",
    "message": "Call me.",
    "contact": "education@union.example",
    "because": "chair",
}
KINDS: tuple[EmailKind, ...] = get_args(EmailKind)


def letter(
    kind: EmailKind, language: str = "en", folder: Path | None = None, **changes: object
) -> Email:
    return render(kind, {**CONTEXT, **changes}, language=language, folder=folder)


# --- letters


def test_welcome_has_the_landing_page_and_whom_to_ask() -> None:
    welcome = letter("welcome")
    assert welcome.subject == "Welcome to Example Union"
    links = ("view.php?id=7", "https://union.example", "Forum")
    people = ("director@union.example", "office@union.example", "555-0100")
    for wanted in ("Kim", "A Path", "First Step", *links, *people):
        assert wanted in welcome.text
        assert wanted in welcome.html
    assert "<em>it</em>" in welcome.html


def test_milestone_acknowledges_and_guides_to_the_next() -> None:
    reached = letter("milestone")
    assert reached.subject == "Milestone reached: First Step"
    assert "<strong>well</strong>" in reached.html
    for wanted in ("First Step", "Second Step", "Can say what it is", "view.php?id=7", "Read on."):
        assert wanted in reached.text
        assert wanted in reached.html


def test_the_last_milestone_promises_no_next_step() -> None:
    last = letter("milestone", following=None, link="")
    assert "What comes next" not in last.text + last.html
    assert "Read on." in last.text


def test_chair_notice_carries_only_what_the_chair_needs() -> None:
    members = [("Kim Example", "N-1"), ("Lee Example", "")]
    about = {"union": CONTEXT["union"], "region": NORTH, "members": members}
    notice = render("chair-notice", about, language="en", folder=None)
    assert notice.subject == "2 new members in North"
    for wanted in ("Kim Example", "Lee Example", "N-1", "North"):
        assert wanted in notice.text
        assert wanted in notice.html
    assert "@" not in notice.text
    assert letter("chair-notice").subject == "New member in North"


@pytest.mark.parametrize("kind", KINDS)
def test_every_letter_in_french(kind: EmailKind) -> None:
    french, english = letter(kind, "fr-CA"), letter(kind)
    assert french.subject != english.subject
    assert '<html lang="fr">' in french.html
    assert "Vous recevez ce courriel" in french.text


def test_french_letter_takes_the_curriculum_in_french() -> None:
    assert letter("milestone", "fr").subject == "Étape franchie : Premier pas"


@pytest.mark.parametrize("language", ["", "iu", "../../etc", "EN_ca"])
def test_a_language_without_templates_is_written_in_english(language: str) -> None:
    welcome = letter("welcome", language)
    assert welcome.subject == "Welcome to Example Union"
    assert '<html lang="en">' in welcome.html


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_names_are_escaped_in_html(kind: EmailKind, language: str) -> None:
    html = letter(kind, language, first_name=XSS, members=[(XSS, XSS)], link='"><script>',
                  name=XSS, message=XSS, about=XSS, phone=XSS).html  # fmt: skip
    assert "<script>" not in html


def test_markdown_of_a_curriculum_cannot_bring_script() -> None:
    wicked = milestone("wicked", Text((("en", XSS),)))
    html = letter("milestone", reached=wicked, following=wicked).html
    assert "<script>" not in html


@pytest.mark.parametrize("kind", KINDS)
def test_a_name_cannot_add_a_header_or_a_paragraph(kind: EmailKind) -> None:
    broken = "Kim\r\nBcc: all@union.example\n\nDear all"
    made = letter(kind, first_name=broken, members=[(broken, broken)],
                  name=broken, message=broken, about=broken)  # fmt: skip
    assert "\nBcc:" not in made.text
    assert "\nDear all" not in made.text


def test_a_title_with_line_breaks_gives_a_one_line_subject() -> None:
    title = Text((("en", "First\r\nBcc: all@union.example\u2028Step"),))
    made = letter("milestone", reached=milestone("first", title))
    assert made.subject == "Milestone reached: First Bcc: all@union.example Step"


def test_own_templates_come_first_and_may_be_partial(tmp_path: Path) -> None:
    own = tmp_path / "mail" / "en" / "welcome.txt.j2"
    own.parent.mkdir(parents=True)
    own.write_text(
        '{% extends "mail/base.txt.j2" %}{% block subject %}Hi {{ first_name }}{% endblock %}'
        "{% block body %}Ours{% endblock %}"
    )
    made = letter("welcome", folder=tmp_path)
    assert made.subject == "Hi Kim"
    assert made.text.startswith("Ours")
    assert "Welcome to Example Union" in made.html


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("{% block subject %}", "welcome.txt.j2:1"),
        ("no subject", "`subject`"),
        ("{% block subject %}{{ nobody }}{% endblock %}", "nobody"),
        ("{% block subject %}{{ ''.__class__.__mro__ }}{% endblock %}", "unsafe"),
    ],
)
def test_a_broken_template_is_a_sentence(tmp_path: Path, source: str, problem: str) -> None:
    own = tmp_path / "mail" / "en" / "welcome.txt.j2"
    own.parent.mkdir(parents=True)
    own.write_text(source)
    with pytest.raises(ConfigError, match=problem):
        letter("welcome", folder=tmp_path)


# --- messages


def composed(**changes: str) -> bytes:
    arguments = {
        "to": "kim@member.example",
        "sender": "stewardpath@union.example",
        "message_id": "delivery-7@union.example",
        **changes,
    }
    return compose(LETTER, date=NOON, **arguments).as_bytes()


def test_a_message_has_both_parts_and_says_it_is_automatic() -> None:
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
    letter = Email("One\r\nBcc: all@union.example", "Plain\n", "<p>Rich</p>")
    message = compose(
        letter,
        to="kim@member.example",
        sender="stewardpath@union.example",
        sender_name="Union\nBcc: all@union.example",
        message_id="delivery-7@union.example",
        date=NOON,
    )
    parsed = message_from_bytes(message.as_bytes(), policy=default)
    assert parsed["Bcc"] is None
    assert parsed["Subject"] == "One Bcc: all@union.example"


def test_names_in_other_scripts_arrive() -> None:
    raw = composed(sender_name="Union Élan, ᐃᓄᒃᑎᑐᑦ")
    assert message_from_bytes(raw, policy=default)["From"].addresses[0].display_name == (
        "Union Élan, ᐃᓄᒃᑎᑐᑦ"
    )


# --- the folder


def test_the_same_mail_twice_is_one_file(tmp_path: Path) -> None:
    config = Config(home=tmp_path, mail=MailSettings(folder=Path("out")))
    for _ in range(2):
        with open_mailer(config) as mailer:
            mailer.send(message_from_bytes(composed(), policy=default))
    files = list((tmp_path / "out").iterdir())
    assert [file.name for file in files] == ["delivery-7@union.example.eml"]
    assert b"Subject: A subject" in files[0].read_bytes()


def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file stands where the folder should")
    with pytest.raises(MailError, match=r"mail\.folder") as caught:
        FolderMailer(tmp_path / "out").send(message_from_bytes(composed(), policy=default))
    assert caught.value.again


def test_a_mail_that_could_not_be_written_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bridge.mail.mailers.os.replace", full)
    with pytest.raises(MailError, match="No space"):
        FolderMailer(tmp_path).send(message_from_bytes(composed(), policy=default))
    assert list(tmp_path.iterdir()) == []


def test_with_a_host_mail_goes_by_smtp() -> None:
    config = Config(mail=MailSettings(host="mail.union.example"))
    with open_mailer(config) as mailer:
        assert isinstance(mailer, SmtpMailer)
