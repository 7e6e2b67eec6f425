"""`doctor`."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import furnish
from .running import SECRETS, Folder


def findings(folder: Folder, code: int = 0) -> dict[str, dict[str, str]]:
    rows = folder.run("doctor", "--format", "json", code=code).data["findings"]
    assert isinstance(rows, list)
    return {row["what"]: row for row in rows}


def test_all_is_well_in_a_fresh_folder(folder: Folder) -> None:
    shown = folder.run("doctor").out
    assert "✓ curricula" in shown
    assert "the sandbox on this machine (`moodle.url` is not set) answers." in shown
    assert "by the companion plugin" in shown
    assert "0 to mend" in shown
    assert findings(folder)["mail"]["state"] == "warning"


def test_every_finding_that_is_not_ok_says_what_to_do(empty: Folder) -> None:
    found = findings(empty)
    wrong = {what for what, finding in found.items() if finding["state"] != "ok"}
    assert wrong == {"mail", "regions", "webhook"}
    assert all(found[what]["todo"] for what in wrong)


@pytest.fixture
def broken(tmp_path: Path) -> Folder:
    """Everything that can be wrong at once."""
    folder = furnish(tmp_path)
    folder.write("curricula/small/first.yaml", "milestone: first\n")
    folder.write("file", "")
    folder.write(
        "config.yaml",
        "curricula: curricula\n"
        "moodle: {url: 'http://127.0.0.1:1'}\n"
        "database: {url: 'sqlite:///file/x.db'}\n"
        "mail: {host: 127.0.0.1, port: 1}\n"
        "regions: {south: {name: South}}\n",
    )
    folder.secrets = SECRETS
    return folder


def test_all_that_is_wrong_is_said_at_once(broken: Folder) -> None:
    found = findings(broken, code=1)
    wrong = {what for what, finding in found.items() if finding["state"] == "error"}
    assert wrong == {"curricula", "database", "moodle", "mail"}
    assert found["region south"]["state"] == "warning"
    assert found["webhook"]["state"] == "ok"
    assert "`database.url`" in found["database"]["todo"]
    assert "4 to mend" in broken.run("doctor", code=1).out


def test_a_missing_token_is_named(folder: Folder) -> None:
    folder.write("config.yaml", "moodle: {url: 'http://127.0.0.1:1'}\n")
    assert "STEWARDPATH_MOODLE_TOKEN" in findings(folder, code=1)["moodle"]["todo"]


def test_every_email_template_is_tried(folder: Folder) -> None:
    assert findings(folder)["templates"]["state"] == "ok"
    folder.write("config.yaml", "curricula: curricula\ntemplates: own\n")
    own = folder.path / "own/mail"
    for language in ("fr", "iu"):
        (own / language).mkdir(parents=True)
    subject = b"{% block subject %}s{% endblock %}\n"
    (own / "fr/confirm.txt.j2").write_bytes(subject + "é".encode("latin-1"))
    (own / "fr/contact.html.j2").write_text("{% include 'mail/nowhere.j2' %}")
    (own / "iu/digest.txt.j2").write_bytes(subject + b"{{ joined + first }}")
    (own / "iu/welcome.html.j2").write_text("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}")
    (own / "iu/milestone.txt.j2").write_text("no subject")
    (own / "iu/sign-in.txt.j2").write_text("{% block subject %}\n{{ 1 // 0 }}{% endblock %}")
    shown = folder.run("doctor", code=1).out
    for place, why in (
        ("fr/confirm.txt.j2:2", "it is not saved as UTF-8"),
        ("fr/contact.html.j2:1", "there is no template mail/nowhere.j2"),
        ("iu/digest.txt.j2:2", "it fails with TypeError"),
        ("iu/welcome.html.j2:1", "it fails with RecursionError"),
        ("iu/milestone.txt.j2", "it has no `subject` block"),
        ("iu/sign-in.txt.j2:2", "it fails with ZeroDivisionError"),
    ):
        assert f"{place}: the template cannot be used: {why}." in shown
