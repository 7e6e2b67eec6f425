"""An email is declared once, in EMAILS, and has its templates in every language."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from jinja2 import meta, nodes
from sqlalchemy import String

from bridge.features import FEATURES
from bridge.features.registers import all_emails, all_mailings
from bridge.mail.examples import LANGUAGES
from bridge.mail.kinds import EMAILS, EmailKind, check_variables
from bridge.mail.rendering import _environment
from bridge.store.tables.persons import MailingSubscription

PROGRAMS = Path(__file__).parents[2] / "bridge"
FOLDER = Path(__file__).parents[2] / "templates" / "mail"
OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"
GIVEN = {"union", "language", "frame", "unsubscribe"}
"""What rendering adds to the variables of every template."""

ALL_EMAILS = all_emails(FEATURES)
DECLARED_FILES = {
    f"{language}/{each.template}.{suffix}.j2"
    for each in ALL_EMAILS.values()
    for language in LANGUAGES
    for suffix in ("txt", "html")
}


def test_every_kind_is_declared() -> None:
    missing = set(get_args(EmailKind)) - EMAILS.keys()
    assert not missing, f"add {sorted(missing)} to EMAILS in bridge/mail/kinds.py"


def test_every_mailing_has_an_email() -> None:
    used = {each.mailing.key for each in ALL_EMAILS.values() if each.mailing}
    unused = all_mailings(FEATURES).keys() - used
    assert not unused, (
        f"no email has the mailings {sorted(unused)}: remove them from CORE_MAILINGS in "
        "bridge/mail/mailings.py or from `mailings` of a Feature, or set `mailing` of an email"
    )


def test_the_key_of_a_mailing_can_be_stored() -> None:
    column = MailingSubscription.__table__.c.mailing.type
    assert isinstance(column, String)
    assert all(len(key) <= (column.length or 0) for key in all_mailings(FEATURES))


def test_every_mailing_is_documented() -> None:
    rows = (f"| {each.label} | {each.description} |" for each in all_mailings(FEATURES).values())
    table = "\n".join(("| emails | when |", "| --- | --- |", *rows))
    text = OPERATIONS.read_text("utf-8")
    shown = text.partition("<!-- mailings -->")[2].partition("<!-- end -->")[0].strip()
    assert shown == table, f"copy this table into docs/operations.md:\n{table}"


def test_every_email_is_sent() -> None:
    """A program names the kind of each email that it queues."""
    code = "".join(
        path.read_text("utf-8")
        for path in PROGRAMS.rglob("*.py")
        if path.relative_to(PROGRAMS).as_posix() != "mail/kinds.py"
    )
    never = [kind for kind in ALL_EMAILS if f'"{kind}"' not in code]
    assert not never, (
        f"nothing sends the emails {never}: call queue_email of "
        "bridge/workflows/delivery/email_queue.py, or remove them from bridge/mail/kinds.py"
    )


def test_every_email_has_its_templates_in_every_language() -> None:
    missing = [name for name in sorted(DECLARED_FILES) if not (FOLDER / name).is_file()]
    assert not missing, f"write templates/mail/ + {missing}, or correct `template` in EMAILS"


def test_every_template_belongs_to_an_email() -> None:
    found = {str(file.relative_to(FOLDER)) for file in FOLDER.glob("*/**/*.j2")}
    unused = sorted(found - DECLARED_FILES)
    assert not unused, (
        f"templates/mail/ has {unused}, which no email uses: declare the email in EMAILS in "
        "bridge/mail/kinds.py, or delete the files"
    )


@pytest.mark.parametrize("kind", ALL_EMAILS)
def test_a_template_uses_only_what_its_email_declares(kind: EmailKind) -> None:
    declared = ALL_EMAILS[kind]
    for language in LANGUAGES:
        for suffix in ("txt", "html"):
            name = f"{language}/{declared.template}.{suffix}.j2"
            source = (FOLDER / name).read_text(encoding="utf-8")
            parsed = _environment(None).parse(source)
            imported = {each.target for each in parsed.find_all(nodes.Import)}
            used = meta.find_undeclared_variables(parsed) - GIVEN - imported
            assert used <= declared.variables.keys(), (
                f"templates/mail/{name} uses {sorted(used - declared.variables.keys())}: add it, "
                f"with an example, to the variables of `{kind}` in EMAILS in bridge/mail/kinds.py"
            )


def test_a_program_that_leaves_out_a_variable_is_told() -> None:
    check_variables("sign-in", {"link": "https://x.example", "minutes": 15})
    with pytest.raises(ValueError, match=r"`sign-in` lacks the variables \['minutes'\]"):
        check_variables("sign-in", {"link": "https://x.example"})
    with pytest.raises(ValueError, match=r"doesn't declare \['name'\]"):
        check_variables("sign-in", {"link": "https://x.example", "minutes": 15, "name": "Kim"})
