"""What emails say; what a person typed can't change an email's headers or HTML."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bridge.curriculum.model import Text
from bridge.errors import ConfigError
from bridge.mail import EmailKind, render
from tests.mail.sample_emails import CONTEXT, KINDS, NORTH, XSS, milestone, rendered


def test_welcome_links_to_the_milestone_and_lists_contacts() -> None:
    welcome = rendered("welcome")
    assert welcome.subject == "Welcome to Example Union"
    links = ("view.php?id=7", "https://union.example", "Forum")
    people = ("director@union.example", "office@union.example", "555-0100")
    for wanted in ("Kim", "A Path", "First Step", *links, *people):
        assert wanted in welcome.text
        assert wanted in welcome.html
    assert "<em>it</em>" in welcome.html


def test_milestone_acknowledges_it_and_describes_the_next_one() -> None:
    reached = rendered("milestone")
    assert reached.subject == "Milestone reached: First Step"
    assert "<strong>well</strong>" in reached.html
    for wanted in ("First Step", "Second Step", "Can say what it is", "view.php?id=7", "Read on."):
        assert wanted in reached.text
        assert wanted in reached.html


def test_the_last_milestone_mentions_no_next_one() -> None:
    last = rendered("milestone", following=None, link="")
    assert "What comes next" not in last.text + last.html
    assert "Read on." in last.text


def test_chair_notice_has_names_and_numbers_but_no_addresses() -> None:
    members = [("Kim Example", "N-1"), ("Lee Example", "")]
    about = {"union": CONTEXT["union"], "region": NORTH, "members": members}
    notice = render("chair-notice", about, language="en", folder=None)
    assert notice.subject == "2 new members in North"
    for wanted in ("Kim Example", "Lee Example", "N-1", "North"):
        assert wanted in notice.text
        assert wanted in notice.html
    assert "@" not in notice.text
    assert rendered("chair-notice").subject == "New member in North"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_exists_in_french(kind: EmailKind) -> None:
    french, english = rendered(kind, "fr-CA"), rendered(kind)
    assert french.subject != english.subject
    assert '<html lang="fr">' in french.html
    assert "Vous recevez ce courriel" in french.text


def test_an_unknown_reason_is_an_error() -> None:
    assert "education committee" in rendered("contact", because="committee").text
    with pytest.raises(ConfigError, match="AssertionError"):
        rendered("contact", because="friend")


def test_a_french_email_uses_the_french_curriculum_texts() -> None:
    assert rendered("milestone", "fr").subject == "Étape franchie\u00a0: Premier pas"


@pytest.mark.parametrize("language", ["", "iu", "../../etc", "EN_ca"])
def test_a_language_without_templates_falls_back_to_english(language: str) -> None:
    welcome = rendered("welcome", language)
    assert welcome.subject == "Welcome to Example Union"
    assert '<html lang="en">' in welcome.html


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_names_are_escaped_in_html(kind: EmailKind, language: str) -> None:
    html = rendered(kind, language, first_name=XSS, members=[(XSS, XSS)], link='"><script>',
                  name=XSS, message=XSS, about=XSS, phone=XSS).html  # fmt: skip
    assert "<script>" not in html


def test_curriculum_markdown_cannot_inject_a_script() -> None:
    wicked = milestone("wicked", Text((("en", XSS),)))
    html = rendered("milestone", reached=wicked, following=wicked).html
    assert "<script>" not in html


@pytest.mark.parametrize("kind", KINDS)
def test_a_name_cannot_add_a_header_or_a_paragraph(kind: EmailKind) -> None:
    broken = "Kim\r\nBcc: all@union.example\n\nDear all"
    made = rendered(kind, first_name=broken, members=[(broken, broken)],
                  name=broken, message=broken, about=broken)  # fmt: skip
    assert "\nBcc:" not in made.text
    assert "\nDear all" not in made.text


def test_a_title_with_line_breaks_gives_a_one_line_subject() -> None:
    title = Text((("en", "First\r\nBcc: all@union.example\u2028Step"),))
    made = rendered("milestone", reached=milestone("first", title))
    assert made.subject == "Milestone reached: First Bcc: all@union.example Step"


def test_own_templates_take_precedence_one_by_one(tmp_path: Path) -> None:
    own = tmp_path / "mail" / "en" / "learning" / "welcome.txt.j2"
    own.parent.mkdir(parents=True)
    own.write_text(
        '{% extends "mail/base.txt.j2" %}{% block subject %}Hi {{ first_name }}{% endblock %}'
        "{% block body %}Ours{% endblock %}"
    )
    made = rendered("welcome", folder=tmp_path)
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
def test_a_broken_template_gives_an_error_with_file_and_reason(
    tmp_path: Path, source: str, problem: str
) -> None:
    own = tmp_path / "mail" / "en" / "learning" / "welcome.txt.j2"
    own.parent.mkdir(parents=True)
    own.write_text(source)
    with pytest.raises(ConfigError, match=problem):
        rendered("welcome", folder=tmp_path)


def write_template(file: Path, subject: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{{% block subject %}}{subject}{{% endblock %}}")


def test_own_templates_with_old_names_still_work(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_template(tmp_path / "mail" / "en" / "already.txt.j2", "Old name")
    assert rendered("already", folder=tmp_path).subject == "Old name"
    assert rendered("already", "fr", folder=tmp_path).subject.startswith("Vous êtes")
    assert [record.message for record in caplog.records] == ["template.renamed"]


def test_a_new_name_takes_precedence_over_an_old_one(tmp_path: Path) -> None:
    write_template(tmp_path / "mail" / "en" / "already.txt.j2", "Old name")
    write_template(tmp_path / "mail" / "en" / "signup" / "already-member.txt.j2", "New name")
    assert rendered("already", folder=tmp_path).subject == "New name"


def test_a_template_can_extend_a_shipped_one_by_its_old_name(tmp_path: Path) -> None:
    own = tmp_path / "mail" / "iu" / "welcome.txt.j2"
    own.parent.mkdir(parents=True)
    own.write_text("{% extends 'mail/en/welcome.txt.j2' %}{% block subject %}Iu{% endblock %}")
    made = rendered("welcome", "iu", folder=tmp_path)
    assert (made.subject, "Start here" in made.text) == ("Iu", True)


def test_french_emails_have_no_break_spaces() -> None:
    made = rendered("sign-in", "fr", link="https://example.org/a :b")
    assert "demandé\u00a0:" in made.text
    assert "demandé\u00a0:" in made.html
    assert "https://example.org/a :b" in made.text
    for email in (rendered(kind, "fr") for kind in KINDS):
        assert not re.search(" [:;?!](?= |$)", email.subject + email.text, re.MULTILINE)
    assert "\u00a0" not in rendered("sign-in").text


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("kind", ["confirm", "new-address", "confirm-person", "form-link"])
def test_someone_without_a_name_is_greeted(kind: EmailKind, language: str) -> None:
    made = rendered(kind, language, first_name="", name="")
    hello = "Bonjour," if language == "fr" else "Hello,"
    assert hello in made.text
    assert hello in made.html
