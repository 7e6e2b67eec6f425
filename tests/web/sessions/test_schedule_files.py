"""Importing, exporting, copying and repeating sessions on the committee's pages."""

from __future__ import annotations

import io
import re
from html import unescape

import pytest
from sqlalchemy import select

from bridge.sessions import live_sessions
from bridge.sessions.tables import LiveSession
from bridge.store.persons import records
from bridge.store.persons.records import PersonRecord
from tests.web.signed_in_users import ADDRESSES, SignedInUsers

from .schedule import FORM, schedule

FILE = """\
- key: spring
  session: hearings
  starts: 2026-04-17 18:00
  timezone: America/Toronto
  seats: {online: 40}
  place: {online: https://meet.example/secret}
"""
IMPORT = "/committee/sessions/import"


def stored(users: SignedInUsers) -> list[LiveSession]:
    with users.database.reading() as session:
        return list(session.scalars(select(LiveSession).order_by(LiveSession.id)))


def preview(users: SignedInUsers, text: str, **more: object) -> str:
    return users.client("committee").post(IMPORT, data={"text": text} | more).text


def sent_again(page: str) -> dict[str, object]:
    """The form of a page of an import, as a browser would send it with Import."""
    found = dict(re.findall(r'<input id="(name|previewed)"[^>]*value="([^"]*)"', page))
    typed = re.search(r"<textarea[^>]*>\r?\n?(.*?)</textarea>", page, re.DOTALL)
    assert typed
    text = unescape(typed[1]).replace("\n", "\r\n")
    return {**{name: unescape(value) for name, value in found.items()},
            "text": text, "step": "import"}  # fmt: skip


def test_a_pasted_file_is_shown_first_and_then_imported(users: SignedInUsers) -> None:
    page = preview(users, FILE)
    assert "New: 1" in page
    assert stored(users) == []
    answer = users.client("committee").post(IMPORT, data=sent_again(page))
    assert answer.status_code == 303
    [live] = stored(users)
    assert (live.key, live.state, live.seats_online) == ("spring", "draft", 40)
    assert "Unchanged: 1" in preview(users, FILE)


def test_another_text_than_the_one_that_was_shown_is_shown_first(users: SignedInUsers) -> None:
    again = sent_again(preview(users, FILE))
    changed = again | {"text": FILE.replace("spring", "other")}
    assert "New: 1" in users.client("committee").post(IMPORT, data=changed).text
    assert stored(users) == []


def test_an_uploaded_file_as_a_spreadsheet_saves_it(users: SignedInUsers) -> None:
    table = (
        "\ufeffkey;session;starts;timezone;seats online\r\na;hearings;2026-04-17 18:00;UTC;5\r\n"
    )
    page = preview(users, "", file=(io.BytesIO(table.encode()), "spring.csv"), step="import")
    assert "New: 1" in page
    assert users.client("committee").post(IMPORT, data=sent_again(page)).status_code == 303
    assert [each.key for each in stored(users)] == ["a"]
    latin = preview(users, "", file=(io.BytesIO("clé".encode("latin-1")), "a.csv"))
    assert "The file is not UTF-8" in latin or "the file is not UTF-8" in latin


def test_every_mistake_is_said_and_what_was_typed_stays(users: SignedInUsers) -> None:
    wrong = FILE.replace("hearings", "hearing").replace("Toronto", "Mars").replace("https", "http")
    page = unescape(preview(users, wrong))
    for message in (
        "Line 2, column 12: there is no topic `hearing`.", "did you mean `hearings`?",
        "Line 4, column 13: there is no time zone `America/Mars`.",
        "Line 6, column 19: the link to join must begin with https://.",
    ):  # fmt: skip
        assert message in page
    assert wrong in page
    assert 'value="import"' not in page
    past = unescape(preview(users, FILE.replace("2026-04", "2026-01")))
    assert "Line 3, column 11: a session can't start in the past." in past
    french = users.client("committee").post(
        IMPORT, data={"text": wrong}, headers={"Accept-Language": "fr"}
    )
    assert "did you mean" not in french.text


def test_what_was_changed_on_the_pages_needs_a_tick(users: SignedInUsers) -> None:
    client = users.client("committee")
    client.post(IMPORT, data=sent_again(preview(users, FILE)))
    [live] = stored(users)
    changed = FORM | {"version": str(live.version), "seats_online": "7", "room": "Hall",
                      "in_person": "y"}  # fmt: skip
    assert client.post(f"/committee/sessions/{live.id}/edit", data=changed).status_code == 303
    page = preview(users, FILE)
    assert "7 → 40" in page
    assert "secret" not in page.replace(unescape(FILE), "")
    ticks = dict(re.findall(r'name="overwrite"[^>]*value="((\w+):[^"]+)"', page))
    by_field = {field: value for value, field in ticks.items()}
    assert by_field.keys() == {"room", "seats_online"}
    kept = client.post(IMPORT, data=sent_again(page), follow_redirects=True)
    assert "stayed as it is" in kept.text
    ticked = sent_again(page) | {"overwrite": by_field["seats_online"]}
    client.post(IMPORT, data=ticked)
    [live] = stored(users)
    assert (live.seats_online, live.room) == (40, "Hall")
    edited = FORM | {"version": str(live.version), "seats_online": "9"}
    client.post(f"/committee/sessions/{live.id}/edit", data=edited)
    client.post(IMPORT, data=ticked)
    assert stored(users)[0].seats_online == 9


def test_nobody_names_themselves_in_a_file_or_a_copy(users: SignedInUsers) -> None:
    with users.database.transaction() as session:
        record = PersonRecord("Co Mittee", ADDRESSES["committee"])
        own = records.find_or_add(session, record, users.clock(), "committee").id
    named = f"{FILE}  leaders: [{ADDRESSES['committee']}]\n"
    assert "someone else must name you as a leader" in preview(users, named)
    number = schedule(users)
    with users.database.transaction() as session:
        from bridge.sessions.tables import SessionLeader

        session.add(SessionLeader(session_id=number, person_id=own))
    page = f"/committee/sessions/{number}"
    assert (
        ADDRESSES["committee"]
        not in users.client("committee")
        .get(f"/committee/sessions/new?from={number}")
        .text.partition("<textarea")[2]
    )
    create = {"rhythm": "day", "times": "1", "step": "create"}
    assert users.client("committee").post(f"{page}/repeat", data=create).status_code == 303
    with users.database.reading() as session:
        assert live_sessions.leader_ids(session, number + 1) == set()


def test_an_export_can_be_imported_again(users: SignedInUsers) -> None:
    schedule(users, region="north")
    client = users.client("committee")
    for form in ("csv", "yaml", "json", "ics"):
        text = client.get(f"/committee/sessions/export.{form}").text
        assert "secret" not in text
        assert "Unchanged: 1" in preview(users, text, name=f"a.{form}")
    assert "hearings" not in client.get("/committee/sessions/export.csv?past=1").text
    assert "Schedule file (CSV)" in client.get("/committee/sessions").text


def test_a_copy_begins_with_everything_but_the_day(users: SignedInUsers) -> None:
    number = schedule(users, leaders="1002")
    page = users.client("committee").get(f"/committee/sessions/new?from={number}").text
    for value in ('value="https://meet.example/secret"', 'value="18:00"', "1002", "Read *this*."):
        assert value in page
    assert 'value="2026-04-17"' not in page
    assert users.client("committee").get("/committee/sessions/new?from=999").status_code == 404
    assert users.client("committee").get("/committee/sessions/new?from=x").status_code == 200


def test_repeating_shows_the_dates_first(users: SignedInUsers) -> None:
    number = schedule(users, day="2026-08-31")
    client, page = users.client("committee"), f"/committee/sessions/{number}/repeat"
    shown = client.post(page, data={"rhythm": "day", "times": "2"}).text
    assert "September 2026" in shown
    assert "this month has no such day." in shown
    assert "October 31, 2026" in shown
    assert len(stored(users)) == 1
    wrong = client.post(page, data={"rhythm": "day", "times": "0"}).text
    assert "A session repeats 1 to 36 times." in wrong
    both = {"rhythm": "day", "times": "2", "until": "2027-01-01", "step": "create"}
    assert "either how many times" in client.post(page, data=both).text
    made = client.post(page, data={"rhythm": "day", "times": "2", "opened": "y", "step": "create"})
    assert made.status_code == 303
    assert [(f"{each.starts:%m-%d}", each.state) for each in stored(users)[1:]] == [
        ("10-31", "open"), ("12-31", "open"),
    ]  # fmt: skip
    again = client.post(page, data={"rhythm": "day", "times": "2", "step": "create"})
    assert "There is nothing to create" in again.text


@pytest.mark.parametrize(
    ("action", "state"), [("open", "open"), ("postpone", "postponed"), ("cancel", "cancelled")]
)
def test_several_at_once(users: SignedInUsers, action: str, state: str) -> None:
    numbers = [schedule(users, opened=action != "open") for _ in range(2)]
    client, page = users.client("committee"), "/committee/sessions/several"
    ticked = {"session": [str(each) for each in numbers], "action": action}
    asked = client.post(page, data=ticked).text
    assert f"/committee/sessions/{numbers[1]}" in asked
    assert {each.state for each in stored(users)} != {state}
    assert client.post(page, data=ticked | {"confirmed": "1"}).status_code == 303
    assert {each.state for each in stored(users)} == {state}


def test_several_all_or_none(users: SignedInUsers) -> None:
    opened, draft = schedule(users), schedule(users, opened=False)
    client, page = users.client("committee"), "/committee/sessions/several"
    data = {"session": [str(opened), str(draft)], "action": "postpone", "confirmed": "1",
            "reason": "A storm."}  # fmt: skip
    answer = client.post(page, data=data)
    assert "only a session that is open can be postponed." in answer.text
    assert 'value="A storm."' in answer.text
    assert [each.state for each in stored(users)] == ["open", "draft"]
    nothing = client.post(page, data={"action": "open", "session": "x"}, follow_redirects=True)
    assert "Tick at least one session." in nothing.text
    gone = client.post(page, data={"action": "open", "session": "999", "confirmed": "1"})
    assert "there is no such session." in gone.text


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"day": "2026-11-01", "starts": "01:30", "ends": "03:00"}, "comes twice"),
        ({"starts": "18:00", "ends": "17:00"}, "the session ends before it starts."),
        ({"ends": "18:00"}, "the session ends before it starts."),
        ({"day": "9999-12-31", "starts": "23:00", "ends": "01:00"}, "the year is not from"),
        ({"zone": "localtime"}, "There is no time zone"),
        ({"link": "https://"}, "must begin with https://"),
        ({"link": "javascript:alert(1)"}, "must begin with https://"),
    ],
)
def test_what_cannot_be_is_said_on_the_page(
    users: SignedInUsers, changed: dict[str, str], message: str
) -> None:
    answer = users.client("committee").post("/committee/sessions/new", data=FORM | changed)
    assert answer.status_code == 200
    assert message in answer.text
    assert "Read *this*." in answer.text
    assert stored(users) == []


def test_fewer_seats_than_taken_are_refused_on_the_page(users: SignedInUsers) -> None:
    number = schedule(users, seats_online="2")
    for who in ("member", "other_member"):
        register = f"/sessions/{number}/register"
        users.client(who).post(register, data={"format": "online"})
    version = str(stored(users)[0].version)
    answer = users.client("committee").post(
        f"/committee/sessions/{number}/edit", data=FORM | {"version": version}
    )
    assert "2 seats are taken already" in answer.text
    assert stored(users)[0].seats_online == 2


def test_over_midnight_and_materials_of_several_lines(users: SignedInUsers) -> None:
    schedule(users, starts="23:00", ends="01:00", materials="One.\r\nTwo.")
    [live] = stored(users)
    assert f"{live.ends:%d %H:%M}" == "18 01:00"


def test_errors_are_in_the_visitors_language(users: SignedInUsers) -> None:
    answer = users.client("committee").post(
        "/committee/sessions/new", data=FORM | {"day": "2026-01-01"},
        headers={"Accept-Language": "fr"},
    )  # fmt: skip
    assert "in the past" not in answer.text
