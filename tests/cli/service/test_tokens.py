"""`token`: create, list and revoke."""

from __future__ import annotations

import sqlite3

from tests.cli.command_runner import Folder


def test_a_token_is_printed_once_and_stored_as_a_hash(folder: Folder) -> None:
    token = folder.run("token", "add", "reports", "--scope", "awards:read").out.strip()
    assert len(token) >= 40
    shown = folder.run("token", "list")
    assert "reports" in shown.out
    assert "awards:read (used never)" in shown.out
    assert token not in shown.out + shown.err
    for file in folder.path.glob("var/stewardpath.db*"):
        assert token.encode() not in file.read_bytes()


def test_only_one_active_token_has_a_name(folder: Folder) -> None:
    first = folder.run("token", "add", "reports", "--scope", "awards:read").out
    twice = folder.run("token", "add", "reports", "--scope", "awards:read", code=1)
    assert "there is already a token reports" in twice.err
    assert folder.run("token", "revoke", "reports").out == "Revoked.\n"
    assert folder.run("token", "add", "reports", "--scope", "awards:read").out != first
    tokens = folder.run("token", "list", "--format", "json").data["tokens"]
    assert isinstance(tokens, list)
    assert [each["revoked"] is None for each in tokens] == [False, True]


def test_invalid_names_scopes_and_unknown_tokens_are_refused(folder: Folder) -> None:
    assert (
        "not a valid token name"
        in folder.run("token", "add", "A B", "--scope", "awards:read", code=1).err
    )
    assert "Invalid value" in folder.run("token", "add", "x", "--scope", "all", code=2).err
    assert "--scope" in folder.run("token", "add", "x", code=2).err
    assert "there is no active token x" in folder.run("token", "revoke", "x", code=1).err
    assert folder.run("token", "list").out == "No tokens.\n"


def test_creating_and_revoking_is_audited_without_the_token(folder: Folder) -> None:
    token = folder.run("token", "add", "reports", "--scope", "status:read").out.strip()
    folder.run("token", "revoke", "reports")
    with sqlite3.connect(folder.path / "var/stewardpath.db") as store:
        rows = store.execute(
            "SELECT actor, action, before, after FROM audit ORDER BY id"
        ).fetchall()
    store.close()
    assert [row[:2] for row in rows] == [
        ("cli:tester", "token-added"),
        ("cli:tester", "token-revoked"),
    ]
    assert token not in str(rows)
    assert "status:read" in rows[0][3]
