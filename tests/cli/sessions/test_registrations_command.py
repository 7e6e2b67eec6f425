"""`sessions registrations`: history, add and remove."""

from __future__ import annotations

from tests.cli.command_runner import Folder
from tests.cli.sessions.test_sessions_command import schedule
from tests.cli.sessions.test_sessions_command import union as union


def test_people_are_registered_and_removed_with_their_history(union: Folder) -> None:
    key = schedule(union, "--open", "--seats-online", "1")
    for name in ("Kim", "Sam"):
        union.run("persons", "add", "--name", name, "--email", f"{name.lower()}@people.example")
    registrations = ("sessions", "registrations")
    nobody = union.run(*registrations, "history", key)
    assert nobody.out.endswith("Nobody has registered yet.\n")
    both = ("kim@people.example", "Sam <sam@people.example>")
    unknown = union.run(*registrations, "add", key, *both, "4711", "no@people.example", code=1)
    assert "4711: there is no member or person like that." in unknown.err
    assert "no@people.example: there is no member" in unknown.err
    assert union.run(*registrations, "history", key).out == nobody.out
    added = union.run(*registrations, "add", key, *both)
    assert added.err == "kim@people.example: seated.\nsam@people.example: waiting.\n"
    waiting = union.run(*registrations, "history", key).out
    assert "Waiting list, online: 1 waiting. Nobody moves up, because no seat is free." in waiting
    data = union.run(*registrations, "remove", key, both[0], "--format", "json").data
    assert data == {"people": [{"who": "kim@people.example", "removed": True}]}
    again = union.run(*registrations, "remove", key, both[0])
    assert again.err == "kim@people.example: not registered.\n"
    found = union.run(*registrations, "history", key, "--format", "json").data
    assert [(each["name"], each["state"], each["reason"]) for each in found["history"]] == [
        ("Sam", "seated", "promoted"), ("Kim", "cancelled", "removed"),
        ("Sam", "waiting", "added"), ("Kim", "seated", "added"),
    ]  # fmt: skip
    [online] = found["waiting"]
    assert (online["waiting"], online["free"], online["standing"]) == (0, 0, "nobody-waits")
    in_person = union.run(*registrations, "add", key, both[0], "--room", code=1)
    assert "one can't take part in person" in in_person.err
