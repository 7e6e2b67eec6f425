"""`doctor`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bridge.cli.service.moodle_checks import _accounts
from bridge.config import Config, load
from bridge.errors import MoodleMisconfigured
from bridge.messages import Message
from bridge.moodle.schemas.companion import SiteState
from bridge.sessions import live_sessions
from bridge.sessions.moodle_calendar.tables import MoodleEvent
from bridge.store.database import open_database
from tests.cli.command_runner import SECRETS, Folder
from tests.cli.conftest import write_sample_folder
from tests.support.sandbox_server import TOKEN, SandboxServer, running_sandbox


def findings(folder: Folder, code: int = 0) -> dict[str, dict[str, str]]:
    rows = folder.run("doctor", "--format", "json", code=code).data["findings"]
    assert isinstance(rows, list)
    return {row["what"]: row for row in rows}


def test_a_new_folder_has_no_errors(folder: Folder) -> None:
    shown = folder.run("doctor").out
    assert "✓ curricula" in shown
    assert "the sandbox on this machine (`moodle.url` is not set) answers." in shown
    assert "through the companion plugin" in shown
    assert "0 errors, 2 warnings." in shown
    assert findings(folder)["mail"]["state"] == "warning"


def test_every_finding_that_is_not_ok_says_what_to_do(empty: Folder) -> None:
    found = findings(empty)
    wrong = {what for what, finding in found.items() if finding["state"] != "ok"}
    assert wrong == {"mail", "regions", "webhook"}
    assert all(found[what]["todo"] for what in wrong)


@pytest.fixture
def broken(tmp_path: Path) -> Folder:
    """A folder with every kind of error."""
    folder = write_sample_folder(tmp_path)
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


def test_all_errors_are_reported_together(broken: Folder) -> None:
    found = findings(broken, code=1)
    wrong = {what for what, finding in found.items() if finding["state"] == "error"}
    assert wrong == {"curricula", "database", "moodle", "mail", "STEWARDPATH_WEBHOOK_SECRET"}
    assert found["region south"]["state"] == "warning"
    assert found["webhook"]["state"] == "ok"
    assert "`database.url`" in found["database"]["todo"]
    assert "5 errors" in broken.run("doctor", code=1).out


def test_a_short_secret_is_an_error_and_not_repeated(folder: Folder) -> None:
    names = ("STEWARDPATH_WEBHOOK_SECRET", "STEWARDPATH_SECRET_KEY", "STEWARDPATH_METRICS_TOKEN")
    folder.secrets = dict.fromkeys(names, "s" * 31)
    found = findings(folder, code=1)
    assert all(found[name]["state"] == "error" for name in names)
    assert "s" * 31 not in str(found)
    folder.secrets = dict.fromkeys(names, "s" * 32)
    assert not set(names) & set(findings(folder))


def test_a_provider_without_its_secret_is_an_error(folder: Folder) -> None:
    folder.write("config.yaml", "sessions: {zoom: {account: a, client: c}}\n")
    assert "STEWARDPATH_ZOOM_SECRET" in findings(folder, code=1)["zoom"]["todo"]
    folder.secrets["STEWARDPATH_ZOOM_SECRET"] = "a-secret-of-zoom"
    folder.secrets["STEWARDPATH_BIGBLUEBUTTON_SECRET"] = "a-secret-of-bbb"
    found = findings(folder, code=1)
    assert "zoom" not in found
    assert "sessions.bigbluebutton" in found["bigbluebutton"]["says"]
    assert "a-secret" not in str(found)


def test_a_missing_token_is_reported(folder: Folder) -> None:
    folder.write("config.yaml", "moodle: {url: 'http://127.0.0.1:1'}\n")
    assert "STEWARDPATH_MOODLE_TOKEN" in findings(folder, code=1)["moodle"]["todo"]


# --- what people can change in their own Moodle profile ---


def connect(site: SandboxServer, folder: Folder, more: str = "") -> Folder:
    folder.write(
        "config.yaml",
        f"curricula: curricula\nmoodle:\n  url: {site.url}\n  {more or 'login: manual'}\n",
    )
    folder.secrets = {"STEWARDPATH_MOODLE_TOKEN": TOKEN}
    return folder


def account_findings(found: dict[str, dict[str, str]]) -> dict[str, str]:
    names = ("moodle ID numbers", "moodle emails", "moodle accounts", "moodle.trust_numbers")
    return {what: finding["state"] for what, finding in found.items() if what in names}


def test_unlocked_profile_fields_are_reported(folder: Folder, tmp_path: Path) -> None:
    with running_sandbox(tmp_path / "moodle.db") as site:
        trusting = findings(connect(site, folder, "trust_numbers: true"))
        assert account_findings(trusting) == {"moodle.trust_numbers": "warning"}
        assert "check-accounts --ask" in trusting["moodle.trust_numbers"]["todo"]
        folder.run("members", "check-accounts")
        unasked = findings(folder)
        assert account_findings(unasked) == {"moodle.trust_numbers": "warning"}
        folder.run("members", "check-accounts", "--ask")
        assert account_findings(findings(folder)) == {}
        site.switch("numberlocked", on=False)
        site.switch("emailchangeconfirmation", on=False)
        warnings = {"moodle ID numbers": "warning", "moodle emails": "warning"}
        found = findings(connect(site, folder))
        assert account_findings(found) == warnings
        assert all("cli/setup.php" in found[what]["todo"] for what in warnings)
        trusting = findings(connect(site, folder, "trust_numbers: true"), code=1)
        assert account_findings(trusting) == warnings | {"moodle.trust_numbers": "error"}


def test_numbers_are_not_trusted_without_the_companion(folder: Folder, tmp_path: Path) -> None:
    with running_sandbox(tmp_path / "moodle.db", companion=False) as site:
        found = findings(connect(site, folder, "trust_numbers: true"), code=1)
    assert account_findings(found) == {"moodle.trust_numbers": "error"}


def test_an_old_plugin_must_be_updated() -> None:
    old = SiteState.model_construct(
        release="1.1.0", numberlocked=None, emailchangeconfirmation=None
    )
    [finding] = _accounts(Config(), old)
    assert (finding.what, finding.state) == ("moodle accounts", "error")
    assert finding.todo.startswith("Update the plugin")


def test_every_email_template_is_rendered(folder: Folder) -> None:
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
    (own / "fr/sessions").mkdir()
    (own / "fr/sessions/reminder.html.j2").write_text("{{ 1 // 0 }}")
    folder.write("own/web/home.html", "")
    shown = folder.run("doctor", code=1).out
    for place, reason in (
        ("fr/confirm.txt.j2:2", "it is not saved as UTF-8"),
        ("fr/contact.html.j2:1", "there is no template mail/nowhere.j2"),
        ("iu/digest.txt.j2:2", "it fails with TypeError"),
        ("iu/welcome.html.j2:1", "it fails with RecursionError"),
        ("iu/milestone.txt.j2", "it has no `subject` block"),
        ("iu/sign-in.txt.j2:2", "it fails with ZeroDivisionError"),
        ("fr/sessions/reminder.html.j2:1", "it fails with ZeroDivisionError"),
    ):
        assert f"{place}: the template cannot be used: {reason}." in shown
    new_name = own / "iu/learning/milestone.txt.j2"
    assert "iu/milestone.txt.j2 has its old name" in shown
    assert f"Rename it to {new_name}." in shown
    assert f"Rename it to {folder.path / 'own/web/public/home.html'}." in shown


def test_missing_language_packs_are_named(folder: Folder) -> None:
    file = folder.path / "curricula/small/curriculum.yaml"
    file.write_text(file.read_text() + "languages: [en, de]\n")
    finding = findings(folder)["moodle languages"]
    assert (finding["state"], "`de`" in finding["says"]) == ("warning", True)
    assert "no language pack for: de" in folder.run("plan").out


def test_what_is_not_in_moodles_calendar_is_counted(folder: Folder) -> None:
    folder.write("curricula/small/sessions.yaml", "sessions: [{session: hearings, title: H}]\n")
    assert "moodle calendar" not in findings(folder)
    key = folder.run("sessions", "schedule", "small/hearings", "2999-04-17 18:00").out.strip()
    store = open_database(load(None, {}, folder.path).database_url)
    with store.transaction() as session:
        problem = MoodleMisconfigured(Message("no such course."), todo=Message("Publish it."))
        session.add(
            MoodleEvent(
                session_id=live_sessions.id_of(session, key), course="stewardpath:small:first",
                event_id=None, fingerprint="", attempts=1, tried_at=datetime.now(UTC),
                problem=problem.as_data(),
            )
        )  # fmt: skip
    store.close()
    found = findings(folder)["moodle calendar"]
    assert found["state"] == "warning"
    assert "1 event of live sessions could not be saved or removed." in found["says"]
    assert "no such course." in found["says"]
    assert "Publish it." in found["todo"]


def test_sessions_moodle_does_it_by_hand(folder: Folder) -> None:
    assert folder.run("sessions", "moodle").out == "Nothing to change.\n"
    assert folder.run("sessions", "moodle", "--format", "json").data == {
        "saved": 0, "removed": 0, "failed": 0,
    }  # fmt: skip
