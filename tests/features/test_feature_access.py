"""Files, pages about one object and personal links of a feature, without a change to the core."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from bridge.access.file_purposes import FilePurpose
from bridge.features.checks import check_features
from bridge.foundations.deadlines.runner import DeadlineKind
from bridge.foundations.feature import CreditSource, Feature
from bridge.foundations.files import rows
from bridge.foundations.files.file_types import FileType
from bridge.foundations.files.storage import open_files
from bridge.foundations.owners import Owner
from bridge.mail.kinds import EmailDeclaration, FeatureEmail
from bridge.mail.mailings import Mailing
from bridge.messages import Message
from bridge.privacy import export_person_for_committee
from bridge.store.persons import personal_links
from bridge.web.common.access import open_to
from tests.features.garden import GARDEN, PHOTO, WITH_GARDEN
from tests.features.garden import config as config
from tests.features.garden import database as database
from tests.features.garden import url as url
from tests.features.garden import users as users
from tests.web.sample_site import PATH
from tests.web.signed_in_users import EVERYBODY, SignedInUsers, Who


def send_photo(users: SignedInUsers, owner: Owner, bed: str = "bed:1") -> int:
    number = open_files(users.config, users.database).store(
        b"%PDF-", FileType.PDF, "bean.pdf", owner=owner, purpose=PHOTO, now=users.clock()
    )
    with users.database.transaction() as session:
        assert rows.attach(session, number, owner, PHOTO.key, bed, None, users.clock())
    return number


def openers(users: SignedInUsers, address: str) -> set[Who]:
    return {who for who in EVERYBODY if users.client(who).get(address).status_code == 200}


def test_its_files_are_for_their_owner_and_those_with_the_right(users: SignedInUsers) -> None:
    mine, guests = send_photo(users, Owner(users.member)), Owner(person_id=users.guest)
    assert openers(users, f"/files/{mine}") == {"member", "committee", "auditor"}
    assert openers(users, f"/files/{send_photo(users, guests)}") == {"committee", "auditor"}
    assert openers(users, f"/files/{send_photo(users, guests, 'draft:1')}") == set()
    with users.database.reading() as session:
        shown = export_person_for_committee(session, users.guest, WITH_GARDEN)
        hidden = export_person_for_committee(session, users.guest)
    assert [len(each.get("stored_file", [])) for each in (shown, hidden)] == [2, 0]  # type: ignore[arg-type]


def test_it_says_who_has_a_role_for_an_object_and_until_when(users: SignedInUsers) -> None:
    users.app.add_url_rule(
        "/beds/<int:bed>", "bed", open_to("session-roster", subject="bed")(lambda bed: f"{bed}")
    )
    assert openers(users, "/beds/1") == {"leader", "committee", "auditor"}
    assert openers(users, "/beds/2") == {"committee", "auditor"}
    users.clock.forward(days=1)
    assert openers(users, "/beds/1") == {"committee", "auditor"}


def test_a_guest_opens_its_personal_link_and_presses_the_button(users: SignedInUsers) -> None:
    with users.database.transaction() as session:
        personal_links.issue(
            session, "t", "garden-dig", users.guest, "7", users.clock(), timedelta(days=1)
        )
    browser: FlaskClient = users.client("nobody")
    assert "Bed 7" in browser.get("/link/t").text
    assert "Dug." in browser.post("/link/t").text
    assert browser.get("/link/t").status_code == 410


OTHER = replace(PHOTO, right="sent-forms")
TWICE = {
    "subjects called bed": Feature(name="other", subjects=GARDEN.subjects),
    "file purposes called garden-photo": Feature(name="other", file_purposes=(OTHER,)),
    "file purposes called form": Feature(
        name="other", file_purposes=(FilePurpose("form", "sent-forms", "x"),)
    ),
    "link purposes called garden-dig": Feature(name="other", link_purposes=GARDEN.link_purposes),
}


def named(name: str) -> dict[str, Feature]:
    """A feature for each kind of thing whose name is stored."""
    mailing = Mailing(name, Message("News"), Message("Never."))
    email = EmailDeclaration("x/y", Message("Mail"), {})
    [dig] = GARDEN.link_purposes
    return {
        "mailings": Feature(name="x", mailings=(mailing,)),
        "emails": Feature(name="x", emails={FeatureEmail(name): email}),
        "file purposes": Feature(name="x", file_purposes=(FilePurpose(name, "sent-forms", "x"),)),
        "link purposes": Feature(name="x", link_purposes=(replace(dig, key=name),)),
        "sources of credits": Feature(name="x", credits=(CreditSource(name, lambda *_: {}),)),
        "deadlines": Feature(
            name="x",
            deadlines=lambda *_: (DeadlineKind(name, reminder=True, run=lambda *_: None),),
        ),
    }


@pytest.mark.parametrize("what", named(""))
def test_a_name_that_cannot_be_stored_stops_the_start(users: SignedInUsers, what: str) -> None:
    check_features([named("n" * 40)[what]], users.config, [PATH])
    for wrong in ("", "n" * 41):
        with pytest.raises(ValueError, match=f"{what} can't be called `{wrong}`"):
            check_features([named(wrong)[what]], users.config, [PATH])


@pytest.mark.parametrize("problem", TWICE)
def test_two_features_with_the_same_names_stop_the_start(
    users: SignedInUsers, problem: str
) -> None:
    features = (*WITH_GARDEN, TWICE[problem])
    with pytest.raises(ValueError, match=problem):
        check_features(features, users.config, [PATH])
    with pytest.raises(ValueError, match=problem):
        SignedInUsers(users.config, users.database, users.clock, features=features)
