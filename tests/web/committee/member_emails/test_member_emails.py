"""Writing to a filtered list: the button, the draft, the preview, the test, sending once."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

import pytest
from sqlalchemy import select, update

from bridge.jobs.tasks import run_outbox
from bridge.mail.mailings import COMMITTEE
from bridge.member_records import MemberRecord
from bridge.store.members.upsert import upsert_members
from bridge.store.persons import mailings
from bridge.store.persons.of_members import add_persons
from bridge.store.tables.delivery import OutboxEmail
from bridge.store.tables.member_emails import MemberEmail
from bridge.store.tables.members import Member
from bridge.store.tables.persons import Person
from bridge.workflows.member_emails import handing_over
from tests.web.signed_in_users import SignedInUsers, Who

MEMBERS = "/committee/members"
EMAILS = "/committee/members/emails"
ENGLISH = {"subject_en": "New courses", "text_en": "Three **new courses**.\n\n- Hearings"}
FRENCH = {"subject_fr": "Nouveaux cours", "text_fr": "Trois nouveaux cours : santé."}


def text_of(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page)))


def post(
    users: SignedInUsers, address: str, visitor: Who = "committee", code: int = 200, **data: object
) -> str:
    answer = users.client(visitor).post(address, data=data, follow_redirects=True)
    assert answer.status_code == code, answer.text
    return text_of(answer.text)


def get(users: SignedInUsers, address: str, visitor: Who = "committee") -> str:
    answer = users.client(visitor).get(address, follow_redirects=True)
    assert answer.status_code == 200
    return text_of(answer.text)


def begin(users: SignedInUsers, **filters: str) -> str:
    """Press the button below the list of members; return the address of the draft."""
    answer = users.client("committee").post(f"{EMAILS}/new", data=filters)
    assert answer.status_code == 303
    return str(answer.location).removesuffix("/edit")


def write(users: SignedInUsers, draft: str, code: int = 200, **more: str) -> str:
    data = {"version": "1", "step": "preview", **(more or ENGLISH | FRENCH)}
    return post(users, f"{draft}/edit", code=code, **data)


def seen(users: SignedInUsers, draft: str) -> str:
    page = users.client("committee").get(f"{draft}/preview").text
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found, page
    return found[1]


def emails(users: SignedInUsers, kind: str = "member-email") -> Sequence[OutboxEmail]:
    with users.database.reading() as session:
        query = select(OutboxEmail).where(OutboxEmail.kind == kind).order_by(OutboxEmail.id)
        return session.scalars(query).all()


def hand_over(users: SignedInUsers) -> None:
    handing_over.hand_over(users.database, users.config, users.clock())


def test_the_button_says_how_many_and_takes_the_filters(users: SignedInUsers) -> None:
    page = users.client("committee").get(f"{MEMBERS}?region=north").text
    assert "Email 1 member" in page
    assert "Email these 2 members" in users.client("committee").get(MEMBERS).text
    found = users.client("committee").post(MEMBERS, data={"words": "Ber", "live": "1"}).text
    assert 'name="words" value="Ber"' in found.partition("member_emails" and EMAILS)[2]
    assert "Email 1 member" in found
    for other in ("chair", "auditor"):
        assert "Email the" not in users.client(other).get(MEMBERS).text  # type: ignore[arg-type]


def test_from_the_list_to_the_inbox(users: SignedInUsers) -> None:
    draft = begin(users, region="north")
    assert "To: 1 member of the list – Region: North" in get(users, f"{draft}/edit")
    page = write(users, draft)
    assert "1 member gets it" in page
    assert "Mem Ber" in page
    assert "Three new courses." in page
    assert "• Hearings" in page
    assert "Trois nouveaux cours" in page
    assert emails(users) == []
    page = post(users, f"{draft}/send", seen=seen(users, draft))
    assert "The email is being sent." in page
    assert "0 of 1 done" in page
    assert users.woken == ["outbox"]
    hand_over(users)
    [email] = emails(users)
    assert (email.email, email.payload["subject"]) == ("member@union.example", "New courses")
    listed = get(users, EMAILS)
    assert "New courses Being sent" in listed
    assert "committee@union.example" in listed


def test_each_list_has_its_own_draft(users: SignedInUsers) -> None:
    """Two windows with two lists: what is written for one never goes to the other."""
    north, south = begin(users, region="north"), begin(users, region="south")
    assert begin(users, region="north") == north
    write(users, north)
    for page in (get(users, f"{north}/preview"), get(users, f"{north}/edit")):
        assert "Region: North" in page
    assert "Region: South" in get(users, f"{south}/edit")


def test_where_answers_go_is_shown_before_and_after(users: SignedInUsers) -> None:
    draft = begin(users, region="north")
    write(users, draft, reply_to="answers@union.example", **ENGLISH)
    assert "Answers go to: answers@union.example" in get(users, f"{draft}/preview")
    page = post(users, f"{draft}/send", seen=seen(users, draft))
    assert "Answers go to: answers@union.example" in page


def test_a_test_of_an_empty_draft_is_refused(users: SignedInUsers) -> None:
    page = post(users, f"{begin(users)}/test")
    assert "on its way" not in page
    assert emails(users, "member-email-test") == []


def test_the_preview_counts_the_language_that_is_sent(users: SignedInUsers) -> None:
    """The person's language, or else the member record's."""
    with users.database.transaction() as session:
        session.execute(update(Member).where(Member.region == "north").values(language="fr"))
        add_persons(session, [users.member], users.clock())
    for language, sent in (("", "fr"), ("en", "en")):
        with users.database.transaction() as session:
            session.execute(update(Person).values(language=language))
        draft = begin(users, region="north")
        page = write(users, draft)
        assert ("French: 1" if sent == "fr" else "English: 1") in page
        post(users, f"{draft}/send", seen=seen(users, draft))
        hand_over(users)
        assert emails(users)[-1].language == sent


def test_pressing_send_twice_sends_once(users: SignedInUsers) -> None:
    draft = begin(users)
    write(users, draft)
    value = seen(users, draft)
    post(users, f"{draft}/send", seen=value)
    assert "Nothing was sent again." in post(users, f"{draft}/send", seen=value)
    hand_over(users)
    hand_over(users)
    assert len(emails(users)) == 2


def test_who_does_not_get_it_is_named(users: SignedInUsers) -> None:
    with users.database.transaction() as session:
        token = mailings.subscribe(session, users.person, COMMITTEE.key, users.clock()).token
        mailings.set_active(session, token, active=False, now=users.clock())
        left = MemberRecord("1003", "left@union.example", "Le", "Ft", "north", status="left")
        upsert_members(session, [left], users.clock())
    draft = begin(users)
    page = write(users, draft)
    assert "1 member gets it" in page
    assert "1 has unsubscribed Mem Ber 1001" in page
    assert "1 is deactivated Le Ft 1003" in page


def test_only_one_language_is_said(users: SignedInUsers) -> None:
    with users.database.transaction() as session:
        mine = update(Member).where(Member.id == users.member)
        session.execute(mine.values(language="fr"))
    draft = begin(users)
    page = write(users, draft, **ENGLISH)
    assert "English: 2." in page
    assert "1 of them reads another language, in which you haven’t written it." in page


def test_a_changed_list_is_said_and_not_sent(users: SignedInUsers) -> None:
    draft = begin(users)
    write(users, draft)
    value = seen(users, draft)
    with users.database.transaction() as session:
        new = MemberRecord("1004", "new@union.example", "New", "Comer", "north")
        upsert_members(session, [new], users.clock())
        gone = update(Member).where(Member.id == users.other_member)
        session.execute(gone.values(status="left"))
    page = post(users, f"{draft}/send", seen=value)
    assert "Nothing was sent" in page
    assert "They get it too: New Comer" in page
    assert "They don’t get it any more: Oth Er" in page
    hand_over(users)
    assert emails(users) == []
    post(users, f"{draft}/send", seen=seen(users, draft))
    hand_over(users)
    assert [each.email for each in emails(users)] == ["member@union.example", "new@union.example"]


def test_a_form_with_errors_keeps_what_was_typed(users: SignedInUsers) -> None:
    draft = begin(users)
    page = write(users, draft, 422, subject_en="Only a subject", reply_to="")
    assert "Enter a text." in page
    shown = users.client("committee").get(f"{draft}/edit").text
    assert 'value="Only a subject"' in shown
    page = write(users, draft, 422, version="2", subject_en="A", text_en="B", reply_to="nobody")
    assert "Enter an address such as name@example.org for replies." in page
    assert "Write a subject and a text" in write(users, draft, 422, version="2", text_en=" ")


def test_a_stale_form_overwrites_nothing(users: SignedInUsers) -> None:
    draft = begin(users)
    write(users, draft, **ENGLISH, version="1", step="save")
    page = write(users, draft, 409, subject_en="Mine", text_en="My text", version="1")
    assert "has saved this email meanwhile" in page
    assert "Three **new courses**." in page
    assert "New courses" in get(users, f"{draft}/preview")
    write(users, draft, subject_en="Mine", text_en="My text", version="2")
    assert "My text" in get(users, f"{draft}/preview")


def test_it_is_saved_while_someone_types(users: SignedInUsers) -> None:
    draft, browser = begin(users), users.client("committee")
    script = {"X-Requested-With": "fetch"}
    data = {"version": "1", "subject_en": "Half"}
    answer = browser.post(f"{draft}/edit", data=data, headers=script)
    assert (answer.status_code, answer.text) == (200, "2")
    assert browser.post(f"{draft}/edit", data=data, headers=script).status_code == 409
    assert 'value="Half"' in browser.get(f"{draft}/edit").text


def test_what_was_typed_for_an_email_that_was_sent_is_shown(users: SignedInUsers) -> None:
    draft = begin(users)
    write(users, draft)
    post(users, f"{draft}/send", seen=seen(users, draft))
    page = users.client("committee").post(
        f"{draft}/edit", data={"version": "2", "text_en": "Typed for a long time"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )  # fmt: skip
    assert page.status_code == 410
    assert "Typed for a long time" in page.text


def test_a_test_goes_to_oneself_in_both_languages(users: SignedInUsers) -> None:
    draft = begin(users)
    write(users, draft)
    page = post(users, f"{draft}/test")
    assert "A test is on its way to committee@union.example." in page
    found = emails(users, "member-email-test")
    assert [(each.email, each.language, each.payload["subject"]) for each in found] == [
        ("committee@union.example", "en", "[Test] New courses"),
        ("committee@union.example", "fr", "[Test] Nouveaux cours"),
    ]
    assert emails(users) == []


def test_the_email_as_it_arrives_loads_nothing_else(users: SignedInUsers) -> None:
    draft = begin(users)
    write(users, draft, subject_en="A", text_en="![x](https://t.example/x.png) <script>1</script>")
    answer = users.client("committee").get(f"{draft}/as-it-arrives/en")
    assert answer.status_code == 200
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "<script>" not in answer.text
    assert "t.example" not in answer.text
    assert "Unsubscribe from these emails" in answer.text
    assert users.client("committee").get(f"{draft}/as-it-arrives/fr").status_code == 404


def test_stopping_and_going_on(users: SignedInUsers, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = begin(users)
    write(users, draft)
    post(users, f"{draft}/send", seen=seen(users, draft))
    page = post(users, f"{draft}/stop")
    assert "Stopped. 2 members don't get it." in page
    assert "Not sent: 2" in page
    hand_over(users)
    assert emails(users) == []
    assert "Stopped" in get(users, EMAILS)
    post(users, f"{draft}/continue")
    hand_over(users)
    assert len(emails(users)) == 2
    assert "his email isn't stopped" in post(users, f"{draft}/continue")


def test_what_failed_is_named_and_retried(users: SignedInUsers) -> None:
    draft = begin(users)
    write(users, draft)
    post(users, f"{draft}/send", seen=seen(users, draft))
    hand_over(users)
    with users.database.transaction() as session:
        owed = update(OutboxEmail).where(OutboxEmail.kind == "member-email")
        session.execute(owed.values(state="failed", reason="never", last_error="550 no such user"))
    page = get(users, draft)
    assert "Failed: 2" in page
    assert "Mem Ber Rejected 550 no such user" in page
    assert "2 emails are sent again." in post(users, f"{draft}/retry")
    assert "Waiting: 2" in get(users, draft)


def test_a_draft_without_text_is_used_again(users: SignedInUsers) -> None:
    draft = begin(users)
    assert begin(users) == draft
    write(users, draft, **ENGLISH, step="save")
    other = begin(users)
    assert other != draft
    assert "The draft was deleted." in post(users, f"{other}/discard")
    assert get(users, EMAILS).count("Draft") >= 1
    with users.database.reading() as session:
        assert len(session.scalars(select(MemberEmail)).all()) == 1


def test_the_link_to_unsubscribe_works_and_can_be_taken_back(users: SignedInUsers) -> None:
    draft = begin(users)
    write(users, draft)
    post(users, f"{draft}/send", seen=seen(users, draft))
    run_outbox(users.database, users.config, users.clock)
    with users.database.reading() as session:
        [mine] = mailings.subscriptions_of(session, users.person)
    assert (mine.mailing, mine.active) == (COMMITTEE.key, True)
    browser = users.app.test_client()
    page = browser.get(f"/unsubscribe/{mine.token}").text
    assert "Emails from the education committee" in page
    assert active(users)
    browser.post(f"/unsubscribe/{mine.token}")
    assert not active(users)
    assert "Emails from the education committee" in users.client("member").get("/me/data").text
    browser.post(f"/unsubscribe/{mine.token}/again")
    assert active(users)


def active(users: SignedInUsers) -> bool:
    with users.database.reading() as session:
        return mailings.subscriptions_of(session, users.person)[0].active
