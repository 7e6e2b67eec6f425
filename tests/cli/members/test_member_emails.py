"""`members email` and what follows an email: previewed, sent once, listed, stopped, retried."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Folder

MEMBERS = "number,email,first_name,last_name,language\n" + "".join(
    f"{n},m{n}@example.org,First{n},Last{n},{'fr' if n == 3 else ''}\n" for n in range(1, 4)
)
WRITE = ("members", "email", "--subject", "News", "--text", "news.md")


@pytest.fixture
def members(folder: Folder) -> Path:
    folder.write("members.csv", MEMBERS)
    folder.run("members", "import", "members.csv")
    folder.write("news.md", "Three **new courses**.\n")
    folder.write("nouvelles.md", "Trois nouveaux cours.\n")
    return folder.path / "news.md"


def test_a_preview_sends_nothing(folder: Folder, members: Path) -> None:
    out = folder.run(*WRITE, "--preview").out
    assert "3 members: get it" in out
    assert "1 read another language" in out
    assert folder.run("members", "emails").out == "No emails yet.\n"


def test_it_is_sent_listed_and_stopped(folder: Folder, members: Path) -> None:
    french = ("--subject-fr", "Nouvelles", "--text-fr", "nouvelles.md")
    data = folder.run(*WRITE, *french, "--yes", "--format", "json").data
    assert (data["email"], data["languages"]) == (1, {"en": 2, "fr": 1})
    assert data["counts"]["gets"] == 3
    assert "3 recipients: 3 waiting" in folder.run("members", "emails").out
    assert folder.run("members", "stop-email", "1").out == "Stopped. 3 members left out.\n"
    assert folder.run("members", "emails", "1", "--format", "json").data["state"] == "stopped"
    assert folder.run("members", "continue-email", "1").out == "The rest is being sent.\n"
    assert folder.run("members", "retry-email", "1").out == "0 emails queued again.\n"
    shown = folder.run("members", "emails", "1").out
    assert "being sent" in shown
    assert "[fr] Nouvelles\n\nTrois nouveaux cours." in shown


def test_only_members_of_the_filter(folder: Folder, members: Path) -> None:
    data = folder.run(*WRITE, "--search", "first2", "--preview", "--format", "json").data
    assert (data["counts"]["gets"], data["email"]) == (1, None)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--region", "nowhere", "--preview"), "there is no region nowhere"),
        (("--milestone", "no:where", "--preview"), "there is no milestone no:where"),
        (("--subject-fr", "Nouvelles", "--preview"), "The text is missing (French)."),
        (("--reply-to", "nobody", "--preview"), "Enter an address"),
        (("--format", "json"), "--yes or --preview"),
    ],
)
def test_what_is_wrong_is_said(
    folder: Folder, members: Path, arguments: tuple[str, ...], said: str
) -> None:
    assert said in folder.run(*WRITE, *arguments, code=1).err


def test_an_email_that_does_not_exist(folder: Folder) -> None:
    for command in ("emails", "stop-email", "continue-email", "retry-email"):
        assert "there is no such email" in folder.run("members", command, "7", code=1).err
