"""The activity log as sentences: one for every kind of entry, in both languages."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import get_args

import pytest
from sqlalchemy.orm import Session

from bridge.store.operations import audit_log
from bridge.store.operations.audit_log import AuditAction
from tests.browser.support.states.internal_words import words_for_programs
from tests.consultations.sample_rows import add_consultation
from tests.sessions.sample_rows import add_session
from tests.web.committee.activity.entries import SAMPLES
from tests.web.committee.activity.sample import Sample
from tests.web.query_counter import counted
from tests.web.signed_in_users import SignedInUsers, Who

LOG = "/committee/audit"
NAMES = {"hr-system"}
"""What people call things here."""
Numbers = Mapping[str, int]


@pytest.fixture
def log(users: SignedInUsers) -> SignedInUsers:
    """A log with all samples, the first one newest."""
    with users.database.transaction() as session:
        numbers = {
            "{session}": add_session(session, "hearings", users.clock()),
            "{consultation}": add_consultation(session, users.clock())[0],
            "{person}": users.guest,
            "{other}": users.other_member,
        }
        for sample in reversed(SAMPLES):
            write(session, users, sample, numbers)
    return users


def write(session: Session, users: SignedInUsers, sample: Sample, numbers: Numbers) -> None:
    def values(held: Mapping[str, object]) -> dict[str, object]:
        return {name: filled(each, numbers) for name, each in held.items()}

    audit_log.write(
        session, sample.actor.format(member=users.member, person=users.guest), sample.action,
        users.member if sample.about == "member" else None, values(sample.before),
        values(sample.after), users.clock(),
        person_id=users.guest if sample.about == "person" else None,
    )  # fmt: skip


def filled(value: object, numbers: Numbers) -> object:
    """A value with the IDs in place of `{session}` and the like."""
    if isinstance(value, list):
        return [filled(each, numbers) for each in value]
    return numbers.get(value, value) if isinstance(value, str) else value


def rows(users: SignedInUsers, language: str = "en") -> list[str]:
    """The text of each entry after its time, on all pages of the log. Code is left out."""
    client = users.client("auditor")
    client.get(f"/language/{language}")
    address, found = LOG, []
    while address:
        page = client.get(address).get_data(as_text=True)
        found += re.findall(r"<tr[^>]*>\s*<th[^>]*scope=.row.*?</th>(.*?)</tr>", page, re.DOTALL)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = html.unescape(following[1]) if following else ""
    return [tidy(each) for each in found]


def tidy(cells: str) -> str:
    """The text of some cells, without the spaces that tags leave before punctuation."""
    text = html.unescape(" ".join(re.sub(r"<.*?>", " ", cells).split()))
    return re.sub(r" (?=[.,”’])|(?<=“) ", "", text)


def test_every_kind_of_entry_has_a_sample() -> None:
    missing = set(get_args(AuditAction)) - {each.action for each in SAMPLES}
    assert not missing, f"Add a Sample of {missing} to the entries in tests/web/committee/activity."


def test_every_entry_is_a_sentence(log: SignedInUsers) -> None:
    shown = rows(log)
    assert len(shown) == len(SAMPLES)
    pairs = zip(SAMPLES, shown, strict=True)
    wrong = [(each.says, row) for each, row in pairs if each.says not in row]
    assert not wrong


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_sentence_has_words_for_programs(log: SignedInUsers, language: str) -> None:
    with counted(log.database) as statements:
        shown = [re.sub(r"members:write", "", row) for row in rows(log, language)]
    assert len(shown) == len(SAMPLES)
    found = {row: [word for word, _ in words_for_programs(row)] for row in shown}
    assert not {row: words for row, words in found.items() if set(words) - NAMES}
    pages = -(-len(SAMPLES) // 25)
    assert len(statements) <= 12 * pages


def test_french_sentences_are_french(log: SignedInUsers) -> None:
    english, french = rows(log), rows(log, "fr")
    assert len(english) == len(SAMPLES)
    same = [one for one, other in zip(english, french, strict=True) if one == other]
    assert not same


@pytest.mark.parametrize(("who", "is_linked"), [("committee", True), ("auditor", False)])
def test_a_list_is_linked_for_those_who_may_open_it(
    log: SignedInUsers, who: Who, is_linked: bool
) -> None:
    page = log.client(who).get(LOG).text
    assert ('href="/committee/sign-offs/lists/' in page) is is_linked
