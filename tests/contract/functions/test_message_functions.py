"""The message functions."""

from __future__ import annotations

from tests.contract.moodle_site import MoodleSite


def test_each_message_has_an_answer(moodle_site: MoodleSite) -> None:
    users = [moodle_site.user()["id"], moodle_site.user()["id"]]
    messages = [
        {"touserid": user, "text": "<p>Well done</p>", "textformat": 1, "clientmsgid": str(user)}
        for user in users
    ]
    answer = moodle_site.moodle.call("core_message_send_instant_messages", messages=messages)
    assert [message["clientmsgid"] for message in answer] == [str(user) for user in users]
    assert all(message["msgid"] > 0 for message in answer)


def test_a_message_to_a_missing_user(moodle_site: MoodleSite) -> None:
    messages = [{"touserid": 99999999, "text": "Nobody", "clientmsgid": "b"}]
    answer = moodle_site.moodle.call("core_message_send_instant_messages", messages=messages)
    assert (answer[0]["msgid"], answer[0]["clientmsgid"]) == (-1, "b")
    assert answer[0]["errormessage"]


def test_a_partly_invalid_batch_sends_the_valid_messages(moodle_site: MoodleSite) -> None:
    user = moodle_site.user()["id"]
    messages = [
        {"touserid": user, "text": "<p>Well done</p>", "textformat": 1},
        {"touserid": 99999999, "text": "Nobody"},
    ]
    refusal = moodle_site.moodle.refusal("core_message_send_instant_messages", messages=messages)
    assert refusal["errorcode"] == "formatnotsupported"
    me = moodle_site.moodle.call("core_webservice_get_site_info")["userid"]
    found = moodle_site.moodle.call(
        "core_message_get_messages", useridto=user, useridfrom=me, type="conversations", read=2
    )
    assert len(found["messages"]) == 1


def test_a_message_can_be_looked_up(moodle_site: MoodleSite) -> None:
    user = moodle_site.user()["id"]
    messages = [{"touserid": user, "text": f"<p>For {moodle_site.prefix}</p>", "textformat": 1}]
    moodle_site.moodle.call("core_message_send_instant_messages", messages=messages)
    me = moodle_site.moodle.call("core_webservice_get_site_info")["userid"]
    found = moodle_site.moodle.call(
        "core_message_get_messages", useridto=user, useridfrom=me, type="conversations", read=2
    )
    texts = [message["text"] for message in found["messages"]]
    assert len(texts) == 1
    assert moodle_site.prefix in texts[0]
    assert found["messages"][0]["useridto"] == user


def test_no_messages(moodle_site: MoodleSite) -> None:
    me = moodle_site.moodle.call("core_webservice_get_site_info")["userid"]
    user = moodle_site.user()["id"]
    found = moodle_site.moodle.call(
        "core_message_get_messages", useridto=user, useridfrom=me, type="conversations", read=2
    )
    assert found["messages"] == []


def test_a_message_that_is_too_long(moodle_site: MoodleSite) -> None:
    messages = [{"touserid": moodle_site.user()["id"], "text": "x" * 4097}]
    answer = moodle_site.moodle.call("core_message_send_instant_messages", messages=messages)
    assert answer[0]["msgid"] == -1
