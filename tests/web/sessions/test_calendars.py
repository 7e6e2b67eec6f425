"""Sessions in calendars: the month, feeds, and links that add one."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import vobject

from tests.support.calendar_parser import read_calendar
from tests.web.sessions.schedule import schedule
from tests.web.signed_in_users import SignedInUsers


def events(text: str) -> list[vobject.base.Component]:
    return list(read_calendar(text).contents.get("vevent", []))


def test_the_public_feed_has_what_everyone_may_see(users: SignedInUsers) -> None:
    schedule(users)
    evening = schedule(users, topic="a-path/evening/", room="Union hall", in_person="y")
    schedule(users, topic="a-path/evening/", opened=False)
    answer = users.client("nobody").get("/sessions.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    [event] = events(answer.text)
    assert (event.summary.value, event.location.value) == ("Open evening", "Union hall")
    assert f"{event.dtstart.value:%Y-%m-%d %H:%M %z}" == "2026-04-17 18:00 -0400"
    assert event.uid.value.startswith(f"session-{evening}@")
    assert event.url.value.endswith(f"/sessions/{evening}")
    assert "secret" not in answer.text
    assert "attendee" not in answer.text.lower()


def test_cancelled_ones_are_cancelled_in_the_feed_and_postponed_ones_leave_it(
    users: SignedInUsers,
) -> None:
    first, second = (schedule(users, topic="a-path/evening/") for _ in range(2))
    before = {event.uid.value: event for event in events(feed(users))}
    committee = users.client("committee")
    committee.post(f"/committee/sessions/{first}/cancel", data={"reason": "Snow."})
    committee.post(f"/committee/sessions/{second}/postpone", data={"reason": "Snow."})
    [event] = events(feed(users))
    assert event.status.value == "CANCELLED"
    assert int(event.sequence.value) > int(before[event.uid.value].sequence.value)


def feed(users: SignedInUsers) -> str:
    return users.client("nobody").get("/sessions.ics?lang=fr").text


def test_one_session_is_added_to_a_calendar_by_those_who_may_see_it(users: SignedInUsers) -> None:
    number = schedule(users)
    assert users.client("nobody").get(f"/sessions/{number}.ics").status_code == 404
    member = users.client("member")
    [event] = events(member.get(f"/sessions/{number}.ics").text)
    assert event.summary.value == "Hearings"
    page = unescape(member.get(f"/sessions/{number}").text)
    links = re.findall(r'href="(https://(?:calendar|outlook)[^"]+)"', page)
    google, outlook, _ = (parse_qs(urlsplit(each).query) for each in links)
    assert google["dates"] == ["20260417T180000/20260417T200000"]
    assert google["ctz"] == ["America/Toronto"]
    assert outlook["startdt"] == ["2026-04-17T22:00:00Z"]
    assert "secret" not in page


def test_the_month_shows_sessions_on_their_day(users: SignedInUsers) -> None:
    hidden, evening = schedule(users), schedule(users, topic="a-path/evening/")
    page = users.client("nobody").get("/sessions/month/2026-04").text
    [cell] = [each for each in page.split("<td") if f'href="/sessions/{evening}"' in each]
    assert ">Friday </span>17<" in cell
    assert f'href="/sessions/{hidden}"' not in page
    assert (
        f'href="/sessions/{hidden}"' in users.client("member").get("/sessions/month/2026-04").text
    )
    assert 'href="/sessions/month/2026-03"' in page
    assert 'href="/sessions/month/2026-05"' in page
    assert (
        f'href="/sessions/{evening}"'
        not in users.client("nobody").get("/sessions/month/2026-06").text
    )


def test_a_draft_that_was_cancelled_is_shown_to_nobody(users: SignedInUsers) -> None:
    number = schedule(users, topic="a-path/evening/", opened=False)
    users.client("committee").post(f"/committee/sessions/{number}/cancel")
    browser = users.client("nobody")
    assert events(browser.get("/sessions.ics").text) == []
    for address in ("/sessions", "/sessions/month/2026-04"):
        assert f'href="/sessions/{number}"' not in browser.get(address).text
    assert users.client("member").get(f"/sessions/{number}").status_code == 404


def test_a_postponed_session_stays_in_the_list_until_it_has_a_new_date(
    users: SignedInUsers,
) -> None:
    number = schedule(users)
    users.client("committee").post(f"/committee/sessions/{number}/postpone", data={"reason": "x"})
    users.clock.time += timedelta(days=60)
    page = users.client("member").get("/sessions").text
    assert f'href="/sessions/{number}"' in page
    assert "Postponed until further notice" in page
